// SPDX-License-Identifier: Apache-2.0
#include "tessera/core/exact_sum.hpp"

#include <cmath>

namespace tessera {

namespace {
constexpr std::int64_t kDigitMask = 0xFFFFFFFF;
constexpr int kLowestExponent = -1074;
}  // namespace

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
  // The four leading digits hold at least 97 significant bits; what lies below only breaks ties, so it is
  // kept as one sticky bit and the conversion to double rounds correctly.
  unsigned __int128 leading = 0;
  std::size_t const lowest = top >= 4 ? top - 4 : 0;
  for (std::size_t i = top; i > lowest; --i) {
    leading = (leading << 32) | static_cast<std::uint64_t>(magnitude.digits_[i - 1]);
  }
  for (std::size_t i = 0; i < lowest; ++i) leading |= magnitude.digits_[i] != 0 ? 1U : 0U;
  double const result =
      std::ldexp(static_cast<double>(leading), static_cast<int>(32 * lowest) + kLowestExponent);
  return negative ? -result : result;
}

}  // namespace tessera
