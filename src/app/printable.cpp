// SPDX-License-Identifier: Apache-2.0
#include "printable.hpp"

#include "tessera/io/csv_text.hpp"

#include <cstddef>
#include <iterator>

#include <fmt/format.h>

namespace tessera {

namespace {

/// U+0080 to U+009F, which terminals take for an escape and a letter, are these two bytes in UTF-8.
bool is_control(unsigned char first, unsigned char second) {
  return first == 0xc2 && second < 0xa0;
}

}  // namespace

std::string printable(std::string_view text) {
  bool const is_text = is_utf8(text);
  std::string out;
  out.reserve(text.size());
  unsigned char before = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    auto const byte = static_cast<unsigned char>(text[i]);
    auto const next = static_cast<unsigned char>(i + 1 < text.size() ? text[i + 1] : '\0');
    bool const is_ascii_control = (byte < 0x20 && byte != '\n' && byte != '\t') || byte == 0x7f;
    if (is_ascii_control || (is_text ? is_control(byte, next) || is_control(before, byte) : byte >= 0x80)) {
      fmt::format_to(std::back_inserter(out), "\\x{:02x}", byte);
    } else {
      out += text[i];
    }
    before = byte;
  }
  return out;
}

}  // namespace tessera
