// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>

/// Exact sums of doubles: a fixed-point number wide enough for every finite double, so that a sum does not
/// depend on the order or the grouping of its terms and is rounded once, at the end. Kulisch, "Computer
/// Arithmetic and Validity", chapter 8; the radix-2^32 layout with delayed carries follows Neal, "Fast exact
/// summation using small and large superaccumulators", 2015.
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
  static constexpr std::uint32_t kMaxPending = 1U << 30;  // 2^30 additions of less than 2^32 stay below 2^62

  std::array<std::int64_t, kDigits> digits_{};
  std::uint32_t pending_ = 0;  // additions since the carries were last propagated
};

// Inline and without a branch on the sign: sums of deviations change sign at random, and this is the inner
// loop of every statistic.
inline void ExactSum::add(double value) noexcept {
  if (pending_ >= kMaxPending) normalize();
  ++pending_;
  auto const bits = std::bit_cast<std::uint64_t>(value);
  std::uint64_t const biased = (bits >> 52) & 0x7FF;
  std::uint64_t const normal = biased != 0 ? 1 : 0;
  std::uint64_t const mantissa = (bits & 0xFFFFFFFFFFFFF) | (normal << 52);
  std::uint64_t const position = biased - normal;  // weight of the lowest mantissa bit over 2^-1074
  std::size_t const digit = position / 32;
  std::uint64_t const shift = position % 32;
  std::uint64_t const lower = mantissa << shift;
  std::uint64_t const upper = (mantissa >> 1) >> (63 - shift);
  std::int64_t const sign = static_cast<std::int64_t>(bits) >> 63;  // 0 or -1
  digits_[digit] += (static_cast<std::int64_t>(lower & 0xFFFFFFFF) ^ sign) - sign;
  digits_[digit + 1] += (static_cast<std::int64_t>(lower >> 32) ^ sign) - sign;
  digits_[digit + 2] += (static_cast<std::int64_t>(upper) ^ sign) - sign;
}

}  // namespace tessera
