// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

/// Exact sums of doubles: a fixed-point number wide enough for every finite double, so that a sum does not depend
/// on the order or the grouping of its terms and is rounded once, at the end. Kulisch, "Computer Arithmetic and
/// Validity", chapter 8; the radix-2^32 layout with delayed carries follows Neal, "Fast exact summation using small
/// and large superaccumulators", 2015.
namespace tessera {

class ExactSum {
 public:
  /// Radix-2^32 digits in int64, least significant first; digit i weighs 2^(32 i - 1074).
  static constexpr std::size_t kDigits = 70;

  /// Local. Adds a finite double exactly.
  void add(double value) noexcept;
  /// Local. Adds another exact sum exactly.
  void add(ExactSum const& other) noexcept;
  /// Local. The sum, rounded to the nearest double (ties to even).
  [[nodiscard]] double value() const noexcept;

  /// Local. Carries propagated, so that digits of up to 2^30 sums may be added in int64 (by an allreduce).
  void normalize() noexcept;
  [[nodiscard]] std::span<std::int64_t, kDigits> digits() noexcept { return digits_; }

 private:
  std::array<std::int64_t, kDigits> digits_{};
  std::uint32_t pending_ = 0;  // additions since the carries were last propagated
};

}  // namespace tessera
