// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <cstdint>

#include "wide_integer.hpp"

/// The grid that aggregated values are added on: steps of 2^-48, for magnitudes below 2^47. 2^32 such values
/// stay below 2^127, so that an int128 never overflows and a sum knows no order. Values of 16 or more are on
/// the grid as they are (a double's last bit weighs 2^-48 there); smaller ones move by at most 2^-49.
namespace tessera::detail {

inline constexpr double kLargestAggregated = 0x1p47;  // 1.4e14; exclusive
inline constexpr std::uint64_t kMostRowsOfACustomer = (std::uint64_t{1} << 32) - 1;

[[nodiscard]] inline bool on_grid(double value) noexcept {
  return std::abs(value) < kLargestAggregated;
}

/// Precondition: on_grid(value).
[[nodiscard]] inline Int128 steps_of(double value) noexcept {
  constexpr double kToNearest = 0x1.8p52;  // adding it rounds a smaller number to a whole one, ties to even
  auto const whole = static_cast<std::int64_t>(value);
  double const rest = (value - static_cast<double>(whole)) * 0x1p48;
  return Int128{whole} * (Int128{1} << 48) + static_cast<std::int64_t>((rest + kToNearest) - kToNearest);
}

[[nodiscard]] inline double value_of(Int128 steps) noexcept {
  return static_cast<double>(steps) * 0x1p-48;
}

}  // namespace tessera::detail
