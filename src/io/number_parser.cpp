// SPDX-License-Identifier: Apache-2.0
#include "tessera/io/number_parser.hpp"

#include "tessera/core/error.hpp"

#include <cmath>

#include <fmt/format.h>

namespace tessera {

std::optional<DatePattern> column_dates(TableSpec const& table, ColumnSpec const& column) {
  auto const wrong = [&](std::string_view key, std::string_view value, char const* how, char const* why,
                         char const* remedy) {
    return ConfigurationError(
        fmt::format("column '{}' of table '{}': {} = \"{}\" {}", column.name, table.name, key, value, how),
        why, remedy);
  };
  if (column.part == FieldPart::sex) {
    if (column.type != ColumnType::category || column.date_format != DatePattern::kBirthNumber) {
      throw wrong("part", "sex", "(needs type = \"category\" and date_format = \"birth_number\")",
                  "the sex is told by the month of a birth number, YYMMDD with 50 added for women",
                  "set both, or leave part out");
    }
  } else if (column.date_format.empty()) {
    return std::nullopt;
  } else if (column.type != ColumnType::date && column.type != ColumnType::datetime) {
    throw wrong("date_format", column.date_format, "(the column is not a date)",
                "only dates and datetimes are read by a pattern",
                "set type = \"date\" or \"datetime\", or leave date_format out");
  }
  DatePattern pattern(column.date_format, column.century_pivot,
                      fmt::format("column '{}' of table '{}': date_format", column.name, table.name));
  if (column.type == ColumnType::datetime && !pattern.has_time()) {
    throw wrong("date_format", column.date_format, "(has no %H, but the type is datetime)",
                "a datetime is a second, not a day", "set type = \"date\", or add the time to the pattern");
  }
  return pattern;
}

NumberParser::NumberParser(TableSpec const& table, ColumnSpec const& column)
    : type_(column.type), style_(number_style(table)), dates_(column_dates(table, column)) {}

ParsedField NumberParser::parse(std::string_view text) const {
  if (dates_) {
    auto const date = dates_->parse(text);
    auto const days = static_cast<double>(date.days);
    return {type_ == ColumnType::date ? days : 86400.0 * days + date.seconds, date.problem};
  }
  if (type_ == ColumnType::date) return parse_date(text);
  if (type_ == ColumnType::datetime) return parse_datetime(text);
  auto* const parse = type_ == ColumnType::integer ? parse_integer : parse_real;
  if (style_ == NumberStyle{}) return parse(text);
  std::string plain;
  if (!without_style(text, style_, plain)) return {0, RejectReason::not_a_number};
  return parse(plain);
}

ParsedField NumberParser::take(double value) const noexcept {
  constexpr double kLargest = 0x1p53;
  constexpr double kFirstDay = -719528, kLastDay = 2932896;  // 0000-01-01 and 9999-12-31
  if (std::isnan(value) || (type_ == ColumnType::real && std::isfinite(value))) return {value, std::nullopt};
  if (std::isinf(value)) return {0, RejectReason::not_finite};
  bool const whole = value == std::trunc(value);
  if (type_ == ColumnType::integer) {
    if (!whole) return {0, RejectReason::not_an_integer};
    if (std::abs(value) > kLargest) return {0, RejectReason::number_overflow};
  }
  if (type_ == ColumnType::date && !whole) return {0, RejectReason::not_a_date};
  if (type_ == ColumnType::date || type_ == ColumnType::datetime) {
    double const unit = type_ == ColumnType::date ? 1.0 : 86400.0;
    if (value < unit * kFirstDay || value >= unit * (kLastDay + 1.0))
      return {0, RejectReason::impossible_date};
  }
  return {value + 0.0, std::nullopt};  // -0 is 0
}

std::optional<kernel::Decimals> NumberParser::short_decimals() const noexcept {
  if (type_ == ColumnType::integer) return kernel::Decimals::whole;
  if (type_ == ColumnType::real) return kernel::Decimals::real;
  return std::nullopt;
}

}  // namespace tessera
