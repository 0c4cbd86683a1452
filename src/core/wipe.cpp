// SPDX-License-Identifier: Apache-2.0
#include "tessera/core/wipe.hpp"

#include <sodium.h>

namespace tessera {

void wipe(void* secret, std::size_t bytes) noexcept {
  sodium_memzero(secret, bytes);
}

}  // namespace tessera
