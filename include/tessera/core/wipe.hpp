// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

namespace tessera {

/// Local. Overwrites what no one may read later, such as a key, and is not optimised away.
void wipe(void* secret, std::size_t bytes) noexcept;

/// Local. Overwrites the part of the stack where calls that have returned may have left pieces of a secret.
void wipe_stack() noexcept;

}  // namespace tessera
