// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <cstdint>

/// Doubles as unsigned integers in the same order, so that order statistics are found by radix and ties are
/// ties of integers. -0.0 and 0.0 are one value.
namespace tessera::detail {

/// Local. Precondition: not NaN.
[[nodiscard]] inline std::uint64_t pattern_of(double value) noexcept {
  auto const bits = std::bit_cast<std::uint64_t>(value + 0.0);  // + 0.0 turns -0.0 into 0.0
  auto const negative = static_cast<std::uint64_t>(static_cast<std::int64_t>(bits) >> 63);
  return bits ^ (negative | (std::uint64_t{1} << 63));
}

/// Local. The value of a pattern.
[[nodiscard]] inline double value_of(std::uint64_t pattern) noexcept {
  auto const positive = static_cast<std::uint64_t>(static_cast<std::int64_t>(pattern) >> 63);
  return std::bit_cast<double>(pattern ^ (~positive | (std::uint64_t{1} << 63)));
}

}  // namespace tessera::detail
