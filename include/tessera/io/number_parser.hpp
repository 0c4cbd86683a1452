// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/io/date_pattern.hpp"
#include "tessera/io/number_style.hpp"
#include "tessera/io/parse_field.hpp"
#include "tessera/io/table_spec.hpp"
#include "tessera/kernel/csv_decimals.hpp"

#include <optional>
#include <string_view>

/// How the text of a number, date or datetime column is read, as its configuration says.
namespace tessera {

/// Local. The pattern by which the fields of a column are read, if any: a date, a datetime, or a category
/// that holds a part of a date. Throws ConfigurationError where date_format, part and type do not go
/// together.
[[nodiscard]] std::optional<DatePattern> column_dates(TableSpec const& table, ColumnSpec const& column);

class NumberParser {
 public:
  /// Throws ConfigurationError as column_dates and number_style do.
  NumberParser(TableSpec const& table, ColumnSpec const& column);

  /// Local. Blanks around the text are the caller's to trim.
  [[nodiscard]] ParsedField parse(std::string_view text) const;

  /// Local. The same of a number that is stored as one: in days or seconds where it is a date or a datetime;
  /// NaN is no value, and stays. What is not in the years 0 to 9999, which a text could name, is an
  /// impossible_date.
  [[nodiscard]] ParsedField take(double value) const noexcept;

  /// Which of the texts kernel::read_decimals reads as parse() does, if any.
  [[nodiscard]] std::optional<kernel::Decimals> short_decimals() const noexcept;
  [[nodiscard]] char decimal_mark() const noexcept { return style_.decimal; }

 private:
  ColumnType type_;
  NumberStyle style_;
  std::optional<DatePattern> dates_;
};

}  // namespace tessera
