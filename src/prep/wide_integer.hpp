// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>

/// Whole numbers of 128 to 256 bits, for sums that must be exact: of values on a fixed grid, of their squares
/// and of their products with months.
namespace tessera::detail {

__extension__ using Int128 = __int128;
__extension__ using UInt128 = unsigned __int128;

[[nodiscard]] inline Int128 load_int128(std::uint64_t const* words) noexcept {
  return static_cast<Int128>((UInt128{words[1]} << 64) | words[0]);
}
inline void store_int128(std::uint64_t* words, Int128 value) noexcept {
  words[0] = static_cast<std::uint64_t>(static_cast<UInt128>(value));
  words[1] = static_cast<std::uint64_t>(static_cast<UInt128>(value) >> 64);
}

/// Two's complement in `Words` 64-bit words, least significant first. Wraps around: whoever adds knows the
/// bounds.
template <std::size_t Words>
class WideInteger {
 public:
  constexpr WideInteger() = default;
  constexpr WideInteger(Int128 value) noexcept {  // NOLINT(google-explicit-constructor): a number like any
    auto const bits = static_cast<UInt128>(value);
    words_[0] = static_cast<std::uint64_t>(bits);
    words_[1] = static_cast<std::uint64_t>(bits >> 64);
    for (std::size_t i = 2; i < Words; ++i) words_[i] = value < 0 ? ~std::uint64_t{0} : 0;
  }
  [[nodiscard]] static WideInteger load(std::uint64_t const* words) noexcept {
    WideInteger out;
    std::copy_n(words, Words, out.words_.begin());
    return out;
  }
  void store(std::uint64_t* words) const noexcept { std::copy_n(words_.begin(), Words, words); }

  /// The square of a number of less than 2^127 in magnitude.
  [[nodiscard]] static constexpr WideInteger square_of(Int128 value) noexcept {
    static_assert(Words == 4);
    auto const magnitude = value < 0 ? -static_cast<UInt128>(value) : static_cast<UInt128>(value);
    auto const low = static_cast<std::uint64_t>(magnitude);
    auto const high = static_cast<std::uint64_t>(magnitude >> 64);
    UInt128 const lows = UInt128{low} * low;
    UInt128 const mixed = UInt128{low} * high;  // counts twice: low < 2^64, high < 2^63
    UInt128 const highs = UInt128{high} * high;
    WideInteger out;
    out.words_[0] = static_cast<std::uint64_t>(lows);
    UInt128 carry = (lows >> 64) + UInt128{static_cast<std::uint64_t>(mixed)} * 2;
    out.words_[1] = static_cast<std::uint64_t>(carry);
    carry = (carry >> 64) + (mixed >> 64) * 2 + static_cast<std::uint64_t>(highs);
    out.words_[2] = static_cast<std::uint64_t>(carry);
    out.words_[3] = static_cast<std::uint64_t>((carry >> 64) + (highs >> 64));
    return out;
  }

  constexpr WideInteger& operator+=(WideInteger const& other) noexcept {
    UInt128 carry = 0;
    for (std::size_t i = 0; i < Words; ++i) {
      carry += UInt128{words_[i]} + other.words_[i];
      words_[i] = static_cast<std::uint64_t>(carry);
      carry >>= 64;
    }
    return *this;
  }
  constexpr WideInteger& operator*=(std::uint64_t factor) noexcept {
    UInt128 carry = 0;
    for (auto& word : words_) {
      carry += UInt128{word} * factor;
      word = static_cast<std::uint64_t>(carry);
      carry >>= 64;
    }
    return *this;
  }
  [[nodiscard]] constexpr WideInteger operator-() const noexcept {
    WideInteger out(Int128{1});
    WideInteger flipped;
    for (std::size_t i = 0; i < Words; ++i) flipped.words_[i] = ~words_[i];
    return out += flipped;
  }
  [[nodiscard]] constexpr bool negative() const noexcept { return (words_[Words - 1] >> 63) != 0; }

  /// The nearest double, but for ties that the lowest words would have settled.
  [[nodiscard]] double value() const noexcept {
    if (negative()) return -(-*this).value();
    std::size_t top = Words - 1;
    while (top > 1 && words_[top] == 0) --top;
    UInt128 leading = (UInt128{words_[top]} << 64) | words_[top - 1];
    int exponent = static_cast<int>(64 * (top - 1));
    if (top > 1) {  // fill the 128 bits from the word below
      int const shift = std::countl_zero(words_[top]);
      if (shift > 0) leading = (leading << shift) | (words_[top - 2] >> (64 - shift));
      exponent -= shift;
    }
    return std::ldexp(static_cast<double>(leading), exponent);
  }

 private:
  std::array<std::uint64_t, Words> words_{};
};

}  // namespace tessera::detail
