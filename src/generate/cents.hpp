// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <cstdint>

namespace tessera::generate {

inline constexpr double kCentsAUnit = 100;

/// Local. To the nearest, halves upwards.
[[nodiscard]] inline std::int64_t cents(double units) {
  return static_cast<std::int64_t>(std::floor(units * kCentsAUnit + 0.5));
}

}  // namespace tessera::generate
