// SPDX-License-Identifier: Apache-2.0
#include "tessera/core/wipe.hpp"

#include <sodium.h>

namespace tessera {

void wipe(void* secret, std::size_t bytes) noexcept {
  sodium_memzero(secret, bytes);
}

void wipe_stack() noexcept {
  constexpr std::size_t kDeepest = 16 << 10;  // of the frames that hash an id
  sodium_stackzero(kDeepest);
}

}  // namespace tessera
