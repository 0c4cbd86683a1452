// SPDX-License-Identifier: Apache-2.0
#include "tessera/io/number_parser.hpp"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

namespace tessera {
namespace {

using enum RejectReason;

NumberParser parser_of(ColumnType type) {
  ColumnSpec column;
  column.name = "c";
  column.type = type;
  return {TableSpec{}, column};
}

void expect_value(ParsedField const& parsed, double value) {
  EXPECT_FALSE(parsed.problem.has_value());
  EXPECT_EQ(parsed.value, value);
}

TEST(NumberParser, takes_stored_days_and_seconds_of_the_years_that_a_text_can_name) {
  auto const date = parser_of(ColumnType::date), datetime = parser_of(ColumnType::datetime);
  for (char const* text : {"0000-01-01", "1970-01-01", "9999-12-31"}) {
    double const day = date.parse(text).value;
    expect_value(date.take(day), day);
    expect_value(datetime.take(86400 * day), 86400 * day);
  }
  double const first = date.parse("0000-01-01").value, last = date.parse("9999-12-31").value;
  for (double const day : {first - 1, last + 1, 1e18, -1e18})
    EXPECT_EQ(date.take(day).problem, impossible_date);
  expect_value(datetime.take(86400 * last + 86399), datetime.parse("9999-12-31 23:59:59").value);
  for (double const second : {86400 * first - 1, 86400 * (last + 1), 1e18, -1e18})
    EXPECT_EQ(datetime.take(second).problem, impossible_date);
}

TEST(NumberParser, takes_no_stored_number_that_its_type_does_not_have) {
  double const infinity = std::numeric_limits<double>::infinity();
  for (auto const type : {ColumnType::integer, ColumnType::real, ColumnType::date, ColumnType::datetime}) {
    EXPECT_EQ(parser_of(type).take(infinity).problem, not_finite);
    auto const nothing = parser_of(type).take(std::nan(""));
    EXPECT_TRUE(std::isnan(nothing.value) && !nothing.problem);
  }
  EXPECT_EQ(parser_of(ColumnType::date).take(0.5).problem, not_a_date);
  EXPECT_EQ(parser_of(ColumnType::integer).take(0.5).problem, not_an_integer);
  EXPECT_EQ(parser_of(ColumnType::integer).take(0x1p54).problem, number_overflow);
  expect_value(parser_of(ColumnType::real).take(1e300), 1e300);
}

}  // namespace
}  // namespace tessera
