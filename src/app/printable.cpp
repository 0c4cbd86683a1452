// SPDX-License-Identifier: Apache-2.0
#include "printable.hpp"

#include "tessera/io/csv_text.hpp"

#include <iterator>

#include <fmt/format.h>

namespace tessera {

std::string printable(std::string_view text) {
  bool const is_text = is_utf8(text);
  std::string out;
  out.reserve(text.size());
  for (char const c : text) {
    auto const byte = static_cast<unsigned char>(c);
    bool const is_control = (byte < 0x20 && c != '\n' && c != '\t') || byte == 0x7f;
    if (is_control || (byte >= 0x80 && !is_text)) {
      fmt::format_to(std::back_inserter(out), "\\x{:02x}", byte);
    } else {
      out += c;
    }
  }
  return out;
}

}  // namespace tessera
