// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/io/table_spec.hpp"

#include <string>
#include <string_view>

/// The marks in the numbers of a table: "1.234.567,89" in much of Europe.
namespace tessera {

struct NumberStyle {
  char decimal = '.';
  char thousands = '\0';  ///< '\0': none
  bool operator==(NumberStyle const&) const = default;
};

/// Local. Throws ConfigurationError for marks that cannot be told from each other, from digits or, without
/// quotes, from the delimiter.
[[nodiscard]] NumberStyle number_style(TableSpec const& table);

/// Local. Rewrites a number for the parsers of parse_field.hpp: without thousands marks, with a decimal
/// point. False where the marks are not where they belong: the whole part is either without marks, or 1 to 3
/// digits, the first not 0, and groups of exactly 3. A blank as thousands mark stands for no-break spaces
/// (U+00A0, U+202F) too. What else is wrong with the text is left to the parser.
[[nodiscard]] bool without_style(std::string_view text, NumberStyle const& style, std::string& plain);

}  // namespace tessera
