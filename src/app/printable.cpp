// SPDX-License-Identifier: Apache-2.0
#include "printable.hpp"

#include "tessera/io/csv_text.hpp"

#include <cstddef>
#include <iterator>

#include <fmt/format.h>

namespace tessera {

namespace {

/// The bytes of the control character that a text begins with; 0: it begins with none. Control characters are
/// those of ASCII and U+0080 to U+009F, which terminals take for an escape and a letter.
std::size_t control_bytes(std::string_view text, bool is_text) {
  auto const byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  if (byte(0) < 0x20 || byte(0) == 0x7f) return text[0] == '\n' || text[0] == '\t' ? 0 : 1;
  return is_text && byte(0) == 0xc2 && byte(1) < 0xa0 ? 2 : 0;
}

}  // namespace

std::string printable(std::string_view text) {
  bool const is_text = is_utf8(text);
  std::string out;
  out.reserve(text.size());
  std::size_t hidden = 0;  // bytes of a control character still to come
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (hidden == 0) hidden = control_bytes(text.substr(i), is_text);
    auto const byte = static_cast<unsigned char>(text[i]);
    if (hidden > 0 || (byte >= 0x80 && !is_text)) {
      fmt::format_to(std::back_inserter(out), "\\x{:02x}", byte);
    } else {
      out += text[i];
    }
    if (hidden > 0) --hidden;
  }
  return out;
}

}  // namespace tessera
