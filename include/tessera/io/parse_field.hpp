// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/data/rejects.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Fields as values. Blanks around numbers and dates are the caller's to trim.
namespace tessera {

struct ParsedField {
  double value = 0;
  std::optional<RejectReason> problem;  ///< set: there is no value
};

/// Local. Without the spaces and tabs on both sides.
[[nodiscard]] inline std::string_view trimmed(std::string_view text) noexcept {
  auto const blank = [](char c) { return c == ' ' || c == '\t'; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

/// Local. Each of some texts so: tokens that are compared with trimmed fields.
[[nodiscard]] std::vector<std::string> trimmed_tokens(std::vector<std::string> tokens);

/// Local. A whole number of at most 2^53 in magnitude, so that a double holds it exactly; a leading '+' is
/// fine, a fraction or an exponent is not.
[[nodiscard]] ParsedField parse_integer(std::string_view text) noexcept;

/// Local. A decimal number, rounded to the nearest double: Lemire, "Number parsing at a gigabyte per second",
/// 2021.
[[nodiscard]] ParsedField parse_real(std::string_view text) noexcept;

/// Local. "YYYY-MM-DD", a day of the calendar, as days since 1970-01-01.
[[nodiscard]] ParsedField parse_date(std::string_view text) noexcept;

/// Local. "YYYY-MM-DD hh:mm" or "YYYY-MM-DDThh:mm", with or without ":ss", as seconds since 1970-01-01 00:00
/// UTC.
[[nodiscard]] ParsedField parse_datetime(std::string_view text) noexcept;

/// Texts that stand for "no value".
class MissingTokens {
 public:
  explicit MissingTokens(std::vector<std::string> tokens);

  [[nodiscard]] bool contains(std::string_view text) const noexcept {
    return (lengths_ >> (text.size() < 63 ? text.size() : 63) & 1) != 0 && matches(text);
  }

 private:
  [[nodiscard]] bool matches(std::string_view text) const noexcept;

  std::vector<std::string> tokens_;
  std::uint64_t lengths_ = 0;  // bit i: a token of length i; bit 63: of 63 or more
};

}  // namespace tessera
