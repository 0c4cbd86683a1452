// SPDX-License-Identifier: Apache-2.0
#include "tessera/kernel/csv_scan.hpp"

namespace tessera::kernel::plain {

CsvCount csv_count(std::span<char const> text, Quotes quotes) noexcept {
  CsvCount count;
  for (char const c : text) {
    if (c == '"' && quotes == Quotes::enclose) ++count.quotes;
    if (c == '\n') ++(count.quotes % 2 == 0 ? count.line_ends_even : count.line_ends_odd);
  }
  return count;
}

std::size_t csv_marks(std::span<char const> text, std::uint32_t first, char delimiter, Quotes quotes,
                      CsvCarry& carry, std::uint32_t* marks) noexcept {
  std::size_t found = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    char const c = text[i];
    if (c == '"' && quotes == Quotes::enclose) {
      carry.in_quotes = !carry.in_quotes;
      carry.flags |= kMarkQuote;
    } else if (!carry.in_quotes && (c == delimiter || c == '\n')) {
      marks[found++] = (first + static_cast<std::uint32_t>(i)) | carry.flags | (c == '\n' ? kMarkLineEnd : 0);
      carry.flags = 0;
    } else if (c == '\0' || static_cast<unsigned char>(c) >= 0x80) {
      carry.flags |= kMarkSpecial;
    }
  }
  return found;
}

}  // namespace tessera::kernel::plain
