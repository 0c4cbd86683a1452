// SPDX-License-Identifier: Apache-2.0
#include "tessera/io/csv_text.hpp"

#include <cstdint>
#include <cstring>

namespace tessera {

bool is_well_quoted(std::string_view field) noexcept {
  if (field.size() < 2 || field.front() != '"' || field.back() != '"') return false;
  field = field.substr(1, field.size() - 2);
  for (std::size_t i = field.find('"'); i != std::string_view::npos; i = field.find('"', i + 2)) {
    if (i + 1 == field.size() || field[i + 1] != '"') return false;
  }
  return true;
}

std::string_view unquoted(std::string_view field, std::string& scratch) {
  field = field.substr(1, field.size() - 2);
  std::size_t quote = field.find('"');
  if (quote == std::string_view::npos) return field;
  scratch.clear();
  for (; quote != std::string_view::npos; quote = field.find('"')) {
    scratch.append(field.substr(0, quote + 1));
    field.remove_prefix(quote + 2);
  }
  scratch.append(field);
  return scratch;
}

bool is_utf8(std::string_view text) noexcept {
  auto const byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  auto const between = [](unsigned value, unsigned low, unsigned high) {
    return low <= value && value <= high;
  };
  for (std::size_t i = 0; i < text.size();) {
    std::uint64_t eight;
    if (text.size() - i >= sizeof eight) {
      std::memcpy(&eight, text.data() + i, sizeof eight);
      if ((eight & 0x8080808080808080) == 0) {
        i += sizeof eight;
        continue;
      }
    }
    unsigned const lead = byte(i);
    std::size_t const length = lead < 0x80                 ? 1
                               : between(lead, 0xC2, 0xDF) ? 2
                               : (lead & 0xF0) == 0xE0     ? 3
                                                           : 4;
    if (length == 4 && !between(lead, 0xF0, 0xF4)) return false;
    if (text.size() - i < length) return false;
    for (std::size_t k = 1; k < length; ++k) {
      if (!between(byte(i + k), 0x80, 0xBF)) return false;
    }
    if (length > 2) {  // no overlong forms, no surrogates, nothing above U+10FFFF
      unsigned const second = byte(i + 1);
      if ((lead == 0xE0 && second < 0xA0) || (lead == 0xED && second > 0x9F) ||
          (lead == 0xF0 && second < 0x90) || (lead == 0xF4 && second > 0x8F)) {
        return false;
      }
    }
    i += length;
  }
  return true;
}

}  // namespace tessera
