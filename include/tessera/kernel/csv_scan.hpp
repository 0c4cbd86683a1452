// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

/// Where CSV records and fields end, 64 bytes at a time. A byte stands inside quotes when an odd number of
/// quotes stands before it, so that borders follow from a prefix parity and never from a guess: Ge et al.,
/// "Speculative distributed CSV data parsing for big data analytics", SIGMOD 2019, section 3; bit masks as in
/// Langdale and Lemire, "Parsing gigabytes of JSON per second", 2019.
namespace tessera::kernel {

/// Whether '"' encloses fields or is a character like any other.
enum class Quotes { enclose, ordinary };

/// What a stretch of text tells about record borders while the parity at its start is unknown.
struct CsvCount {
  std::uint64_t quotes = 0;
  std::uint64_t line_ends_even = 0;  ///< '\n' behind an even number of quotes of the stretch
  std::uint64_t line_ends_odd = 0;   ///< '\n' behind an odd number of quotes of the stretch

  /// Local. Appends the stretch that follows.
  CsvCount& operator+=(CsvCount const& next) noexcept {
    bool const odd = quotes % 2 != 0;
    line_ends_even += odd ? next.line_ends_odd : next.line_ends_even;
    line_ends_odd += odd ? next.line_ends_even : next.line_ends_odd;
    quotes += next.quotes;
    return *this;
  }
  bool operator==(CsvCount const&) const = default;
};

/// A mark is the position of a delimiter or line end outside quotes, with what was seen since the mark before
/// it.
inline constexpr std::uint32_t kMarkLineEnd = 1U << 31;  ///< the byte is '\n'
inline constexpr std::uint32_t kMarkQuote = 1U << 30;    ///< a '"' since the previous mark
inline constexpr std::uint32_t kMarkSpecial = 1U
                                              << 29;  ///< a NUL or a byte above 0x7F since the previous mark
inline constexpr std::uint32_t kMarkPosition = kMarkSpecial - 1;

/// What goes from one stretch of text to the next.
struct CsvCarry {
  bool in_quotes = false;
  std::uint32_t flags = 0;  ///< kMarkQuote and kMarkSpecial seen since the last mark
  bool operator==(CsvCarry const&) const = default;
};

/// Local. Counts quotes and line ends. With ordinary quotes none is counted.
[[nodiscard]] CsvCount csv_count(std::span<char const> text, Quotes quotes) noexcept;

/// Local. Writes the marks of `text` in order and returns how many; `marks` has room for text.size() of them.
/// Positions count from `first`; first + text.size() <= kMarkPosition. `delimiter` is ASCII and none of '"',
/// '\n',
/// '\r' and NUL.
[[nodiscard]] std::size_t csv_marks(std::span<char const> text, std::uint32_t first, char delimiter,
                                    Quotes quotes, CsvCarry& carry, std::uint32_t* marks) noexcept;

/// The same, byte by byte: the oracle.
namespace plain {
[[nodiscard]] CsvCount csv_count(std::span<char const> text, Quotes quotes) noexcept;
[[nodiscard]] std::size_t csv_marks(std::span<char const> text, std::uint32_t first, char delimiter,
                                    Quotes quotes, CsvCarry& carry, std::uint32_t* marks) noexcept;
}  // namespace plain

}  // namespace tessera::kernel
