// SPDX-License-Identifier: Apache-2.0
#include "tessera/core/exact_sum.hpp"

#include <bit>
#include <cmath>

namespace tessera {

namespace {
constexpr std::uint32_t kMaxPending = 1U << 30;  // 2^30 additions of less than 2^32 stay below 2^62
constexpr std::int64_t kDigitMask = 0xFFFFFFFF;
constexpr int kLowestExponent = -1074;
}  // namespace

void ExactSum::add(double value) noexcept {
  if (pending_ >= kMaxPending) normalize();
  ++pending_;
  auto const bits = std::bit_cast<std::uint64_t>(value);
  auto const biased = static_cast<std::uint32_t>(bits >> 52) & 0x7FF;
  std::uint64_t mantissa = bits & 0xFFFFFFFFFFFFF;
  if (biased != 0) mantissa |= std::uint64_t{1} << 52;
  std::uint32_t const position = biased == 0 ? 0 : biased - 1;  // weight of the lowest mantissa bit over 2^-1074
  std::size_t const digit = position / 32;
  auto const shifted = static_cast<unsigned __int128>(mantissa) << (position % 32);
  std::int64_t const parts[3] = {static_cast<std::int64_t>(shifted) & kDigitMask,
                                 static_cast<std::int64_t>(shifted >> 32) & kDigitMask,
                                 static_cast<std::int64_t>(shifted >> 64)};
  if ((bits >> 63) != 0) {
    for (std::size_t i = 0; i < 3; ++i) digits_[digit + i] -= parts[i];
  } else {
    for (std::size_t i = 0; i < 3; ++i) digits_[digit + i] += parts[i];
  }
}

void ExactSum::add(ExactSum const& other) noexcept {
  ExactSum normalized = other;
  normalized.normalize();
  if (pending_ >= kMaxPending) normalize();
  ++pending_;
  for (std::size_t i = 0; i < kDigits; ++i) digits_[i] += normalized.digits_[i];
}

void ExactSum::normalize() noexcept {
  std::int64_t carry = 0;
  for (std::size_t i = 0; i + 1 < kDigits; ++i) {
    std::int64_t const total = digits_[i] + carry;
    digits_[i] = total & kDigitMask;
    carry = total >> 32;  // arithmetic shift: floor division, so every digit but the last is non-negative
  }
  digits_[kDigits - 1] += carry;
  pending_ = 1;
}

double ExactSum::value() const noexcept {
  ExactSum magnitude = *this;
  magnitude.normalize();
  bool const negative = magnitude.digits_[kDigits - 1] < 0;
  if (negative) {
    for (auto& digit : magnitude.digits_) digit = -digit;
    magnitude.normalize();
  }
  std::size_t top = kDigits;
  while (top > 0 && magnitude.digits_[top - 1] == 0) --top;
  if (top == 0) return 0.0;
  // The four leading digits hold at least 97 significant bits; what lies below only breaks ties, so it is kept as
  // one sticky bit and the conversion to double rounds correctly.
  unsigned __int128 leading = 0;
  std::size_t const lowest = top >= 4 ? top - 4 : 0;
  for (std::size_t i = top; i > lowest; --i) {
    leading = (leading << 32) | static_cast<std::uint64_t>(magnitude.digits_[i - 1]);
  }
  for (std::size_t i = 0; i < lowest; ++i) leading |= magnitude.digits_[i] != 0 ? 1U : 0U;
  double const result = std::ldexp(static_cast<double>(leading), static_cast<int>(32 * lowest) + kLowestExponent);
  return negative ? -result : result;
}

}  // namespace tessera
