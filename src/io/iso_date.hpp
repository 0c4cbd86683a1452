// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>

namespace tessera {

/// Local. A day since 1970-01-01 as 2026-09-30; years 0 to 9999.
[[nodiscard]] std::array<char, 10> iso_date(std::int32_t day) noexcept;

}  // namespace tessera
