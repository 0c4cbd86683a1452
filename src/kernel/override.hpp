// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace tessera::detail {

/// Local. Heeds TESSERA_SIMD the first time; every dispatching kernel calls it.
void apply_simd_override();

}  // namespace tessera::detail
