// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace tessera {

/// Local. Bytes of resident memory of this rank at its high-water mark; 0 where the system does not tell.
[[nodiscard]] std::uint64_t peak_memory_bytes();

}  // namespace tessera
