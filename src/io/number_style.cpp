// SPDX-License-Identifier: Apache-2.0
#include "tessera/io/number_style.hpp"

#include "tessera/core/error.hpp"

#include <cstddef>

#include <fmt/format.h>

namespace tessera {

namespace {

constexpr std::size_t kGroup = 3;

bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}

/// Bytes of the thousands mark that `text` begins with; 0: none.
std::size_t mark_length(std::string_view text, char thousands) noexcept {
  if (text.empty() || thousands == '\0') return 0;
  if (text.front() == thousands) return 1;
  if (thousands != ' ') return 0;
  for (std::string_view const no_break : {"\xC2\xA0", "\xE2\x80\xAF"}) {
    if (text.starts_with(no_break)) return no_break.size();
  }
  return 0;
}

}  // namespace

NumberStyle number_style(TableSpec const& table) {
  auto const wrong = [&](std::string_view key, std::string_view value, char const* how, char const* remedy) {
    return ConfigurationError(fmt::format("table '{}': {} = \"{}\" {}", table.name, key, value, how),
                              "a number would have two readings, or none", remedy);
  };
  std::string_view const decimal(&table.decimal, 1), thousands = table.thousands;
  if (decimal != "." && decimal != ",")
    throw wrong("decimal", decimal, "(must be \".\" or \",\")", "set it to the mark before the fraction");
  if (!thousands.empty() &&
      (thousands.size() != 1 || std::string_view(".,' _").find(thousands) == std::string_view::npos)) {
    throw wrong("thousands", thousands, "(must be \"\", \".\", \",\", \"'\", \"_\" or a blank)",
                "set it to the mark between groups of three digits, or leave it out");
  }
  if (thousands == decimal)
    throw wrong("thousands", thousands, "(is the decimal mark too)", "set one of the two to another mark");
  if (!table.quoted && (table.delimiter == table.decimal || thousands.find(table.delimiter) == 0)) {
    throw wrong("delimiter", std::string_view(&table.delimiter, 1), "(is a mark in numbers too)",
                "without quotes nothing tells them apart: export with another delimiter");
  }
  return {table.decimal, thousands.empty() ? '\0' : thousands.front()};
}

bool without_style(std::string_view text, NumberStyle const& style, std::string& plain) {
  plain.clear();
  std::size_t i = 0;
  if (!text.empty() && (text.front() == '-' || text.front() == '+')) plain += text[i++];
  std::size_t group = 0;
  bool marked = false;
  for (; i < text.size();) {
    if (is_digit(text[i])) {
      plain += text[i++];
      ++group;
      continue;
    }
    std::size_t const mark = mark_length(text.substr(i), style.thousands);
    if (mark == 0) break;
    bool const first = !marked;
    if (first ? group == 0 || group > kGroup || text[i - group] == '0' : group != kGroup) return false;
    marked = true;
    group = 0;
    i += mark;
  }
  if (marked && group != kGroup) return false;
  for (; i < text.size(); ++i) {
    // the fraction and the exponent have no marks; a point that is none of this style is no number
    if (text[i] == style.decimal) {
      plain += '.';
    } else if (text[i] == '.' || text[i] == ',') {
      return false;
    } else {
      plain += text[i];
    }
  }
  return true;
}

}  // namespace tessera
