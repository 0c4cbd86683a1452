// SPDX-License-Identifier: Apache-2.0
#include "tessera/io/parse_field.hpp"

#include "tessera/core/random.hpp"

#include <bit>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include <gtest/gtest.h>

namespace tessera {
namespace {

using enum RejectReason;

void expect_value(ParsedField const& parsed, double value, std::string const& text) {
  EXPECT_FALSE(parsed.problem.has_value()) << text;
  EXPECT_EQ(std::bit_cast<std::uint64_t>(parsed.value), std::bit_cast<std::uint64_t>(value)) << text;
}

TEST(ParseInteger, reads_whole_numbers_that_a_double_holds_exactly) {
  expect_value(parse_integer("0"), 0, "0");
  expect_value(parse_integer("-0"), 0, "-0");
  expect_value(parse_integer("+12"), 12, "+12");
  expect_value(parse_integer("-0007"), -7, "-0007");
  expect_value(parse_integer("9007199254740992"), 0x1p53, "2^53");
  expect_value(parse_integer("-9007199254740992"), -0x1p53, "-2^53");
}

TEST(ParseInteger, says_why_a_text_is_none) {
  EXPECT_EQ(parse_integer("9007199254740993").problem, number_overflow);
  EXPECT_EQ(parse_integer("-9007199254740993").problem, number_overflow);
  EXPECT_EQ(parse_integer("99999999999999999999999999999999").problem, number_overflow);
  EXPECT_EQ(parse_integer("12.0").problem, not_an_integer);
  EXPECT_EQ(parse_integer("1e3").problem, not_an_integer);
  for (char const* text : {"", "-", "+", "+-1", "--1", "1 2", "12a", "0x10", "1,000", "one"}) {
    EXPECT_EQ(parse_integer(text).problem, not_a_number) << text;
  }
  for (char const* text : {"inf", "NaN", "-Infinity"})
    EXPECT_EQ(parse_integer(text).problem, not_finite) << text;
}

TEST(ParseReal, rounds_like_the_standard_library_for_random_decimals_of_any_length) {
  Draw const draw(7, Purpose::generate);
  for (std::uint64_t i = 0; i < 20'000; ++i) {
    std::string text = draw.below(2, i, 0) == 0 ? "-" : "";
    std::uint64_t const whole = draw.below(12, i, 1), fraction = draw.below(12, i, 2);
    for (std::uint32_t k = 0; k < whole; ++k) text += static_cast<char>('0' + draw.below(10, i, 10 + k));
    if (fraction > 0) text += '.';
    for (std::uint32_t k = 0; k < fraction; ++k) text += static_cast<char>('0' + draw.below(10, i, 30 + k));
    if (whole + fraction == 0) continue;
    if (draw.below(4, i, 3) == 0)
      text.append("e").append(std::to_string(static_cast<int>(draw.below(80, i, 4)) - 40));
    expect_value(parse_real(text), std::strtod(text.c_str(), nullptr), text);
  }
}

TEST(ParseReal, takes_signs_bare_points_and_tiny_numbers) {
  expect_value(parse_real("+1.5"), 1.5, "+1.5");
  expect_value(parse_real("-0.0"), -0.0, "-0.0");
  expect_value(parse_real("5."), 5, "5.");
  expect_value(parse_real(".5"), 0.5, ".5");
  expect_value(parse_real("4.9e-324"), 0x1p-1074, "4.9e-324");
  expect_value(parse_real("1e-400"), 0, "1e-400");
  expect_value(parse_real("1.7976931348623157e308"), 1.7976931348623157e308, "largest");
}

TEST(ParseReal, says_why_a_text_is_none) {
  EXPECT_EQ(parse_real("1e309").problem, number_overflow);
  EXPECT_EQ(parse_real("-1e999").problem, number_overflow);
  for (char const* text : {"inf", "-inf", "+Infinity", "nan", "NaN"})
    EXPECT_EQ(parse_real(text).problem, not_finite);
  for (char const* text :
       {"", ".", "-", "+", "+-1", "-+1", "1.2.3", "1,5", "1e", "e5", "0x1p3", "1 ", " 1", "abc"}) {
    EXPECT_EQ(parse_real(text).problem, not_a_number) << text;
  }
}

TEST(ParseDate, counts_the_days_of_the_calendar) {
  double day = 0;
  constexpr int kMonthDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  for (int year = 1970; year < 2110; ++year) {
    bool const leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    for (int month = 1; month <= 12; ++month) {
      int const days = kMonthDays[month - 1] + (leap && month == 2 ? 1 : 0);
      char text[40];
      for (int d = 1; d <= days; ++d) {
        std::snprintf(text, sizeof text, "%04d-%02d-%02d", year, month, d);
        expect_value(parse_date(text), day++, text);
      }
      std::snprintf(text, sizeof text, "%04d-%02d-%02d", year, month, days + 1);
      EXPECT_EQ(parse_date(text).problem, impossible_date) << text;
    }
  }
  expect_value(parse_date("1969-12-31"), -1, "1969-12-31");
  expect_value(parse_date("0001-01-01"), -719162, "0001-01-01");
}

TEST(ParseDate, refuses_what_is_no_day) {
  for (char const* text : {"2026-00-10", "2026-13-01", "2026-01-00", "2026-02-29"})
    EXPECT_EQ(parse_date(text).problem, impossible_date) << text;
  for (char const* text : {"", "2026-1-01", "26-01-01", "2026/01/01", "2026-01-01 ", "2026-01-01T00:00",
                           "-026-01-01", "2026-+1-01", "20260101"}) {
    EXPECT_EQ(parse_date(text).problem, not_a_date) << text;
  }
}

TEST(ParseDatetime, counts_seconds_with_a_blank_or_a_T_and_optional_seconds) {
  expect_value(parse_datetime("1970-01-01 00:00"), 0, "epoch");
  expect_value(parse_datetime("1970-01-02T01:02:03"), 86400 + 3723, "T");
  expect_value(parse_datetime("1969-12-31 23:59:59"), -1, "before");
  expect_value(parse_datetime("2026-09-30 12:30"), 20726.0 * 86400 + 45000, "2026");
  for (char const* text :
       {"2026-01-01 24:00", "2026-01-01 12:60", "2026-01-01 12:00:60", "2026-02-30 12:00"}) {
    EXPECT_EQ(parse_datetime(text).problem, impossible_date) << text;
  }
  for (char const* text : {"", "2026-01-01", "2026-01-01 ", "2026-01-01 1:00", "2026-01-01 12:00:",
                           "2026-01-01x12:00", "2026-01-01 12:00:00Z", "2026-01-01 12.00"}) {
    EXPECT_EQ(parse_datetime(text).problem, not_a_date) << text;
  }
}

TEST(MissingTokens, match_whole_texts_of_any_length) {
  std::string const longest(100, 'x');
  MissingTokens const tokens({"", "NA", "unknown", longest});
  for (auto const& text : {std::string(), std::string("NA"), std::string("unknown"), longest}) {
    EXPECT_TRUE(tokens.contains(text));
    EXPECT_FALSE(tokens.contains(text + "y"));
  }
  EXPECT_FALSE(tokens.contains("na"));
  EXPECT_FALSE(MissingTokens({}).contains(""));
}

}  // namespace
}  // namespace tessera
