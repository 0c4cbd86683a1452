// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

/// Short decimals as doubles, many at a time: the texts of one column, one after the other, so that nothing
/// depends on how long each is. Digits are weighed in pairs, fours and eights as in Lemire, "Number parsing
/// at a gigabyte per second", 2021, section 5; the point is taken out by moving the digits before it.
namespace tessera::kernel {

/// A text of 1 to 15 bytes at the end of 16; byte 0 holds its size, 16 where the text is empty or longer.
struct alignas(16) DecimalText {
  static constexpr std::uint32_t kSize = 16;
  char bytes[kSize];

  /// The `size` bytes before `end`. The 16 bytes before `end` can be read, whatever they are.
  void assign(char const* end, std::uint32_t size) noexcept {
    std::memcpy(bytes, end - kSize, kSize);
    bytes[0] = static_cast<char>(std::min(size - 1, kSize - 1) + 1);
  }
};

enum class Decimals { whole, real };

/// Local. The number that each text writes, correctly rounded, with or without '-', and for real ones with or
/// without a point (the mark `point`, '.' or ',') that has a digit behind it; a whole "-0" is +0. What is
/// written in another way is refused: its index goes to `refused` (ascending, room for texts.size()) and its
/// value is unspecified. Returns how many. `values`: [texts.size()].
[[nodiscard]] std::size_t read_decimals(std::span<DecimalText const> texts, Decimals kind, char point,
                                        double* values, std::uint32_t* refused) noexcept;

/// The same, text by text: the oracle.
namespace plain {
[[nodiscard]] std::size_t read_decimals(std::span<DecimalText const> texts, Decimals kind, char point,
                                        double* values, std::uint32_t* refused) noexcept;
}  // namespace plain

}  // namespace tessera::kernel
