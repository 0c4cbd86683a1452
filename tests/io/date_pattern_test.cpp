// SPDX-License-Identifier: Apache-2.0
#include "tessera/io/date_pattern.hpp"

#include "tessera/core/error.hpp"
#include "tessera/io/number_parser.hpp"

#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace tessera {
namespace {

using enum RejectReason;

DatePattern pattern(std::string const& text, int pivot = DatePattern::kDefaultPivot) {
  return {text, pivot, "date_format"};
}

/// Days of an ISO date, by the parser that has its own tests.
std::int64_t day(std::string const& iso) {
  auto const parsed = parse_date(iso);
  EXPECT_FALSE(parsed.problem) << iso;
  return static_cast<std::int64_t>(parsed.value);
}

void expect_day(DatePattern const& dates, std::string const& text, std::string const& iso, int seconds = 0) {
  auto const date = dates.parse(text);
  EXPECT_FALSE(date.problem) << text;
  EXPECT_EQ(date.days, day(iso)) << text;
  EXPECT_EQ(date.seconds, seconds) << text;
}

TEST(DatePattern, reads_the_same_day_in_the_marks_of_many_countries) {
  expect_day(pattern("%Y-%m-%d"), "1998-03-07", "1998-03-07");
  expect_day(pattern("%d.%m.%Y"), "7.3.1998", "1998-03-07");
  expect_day(pattern("%d.%m.%Y"), "07.03.1998", "1998-03-07");
  expect_day(pattern("%m/%d/%y"), "3/7/98", "1998-03-07");
  expect_day(pattern("%y%m%d"), "980307", "1998-03-07");
  expect_day(pattern("%Y%m%d"), "19980307", "1998-03-07");
  expect_day(pattern("%d-%b-%Y"), "07-Mar-1998", "1998-03-07");
  expect_day(pattern("%d%b%y"), "07MAR98", "1998-03-07");
  expect_day(pattern("%b %d, %Y"), "mar 7, 1998", "1998-03-07");
  expect_day(pattern("%Y年%m月%d日"), "1998年3月7日", "1998-03-07");
  expect_day(pattern("100%% %Y-%m-%d"), "100% 1998-03-07", "1998-03-07");
  expect_day(pattern("%y%m%d %H:%M:%S"), "931107 23:05:09", "1993-11-07", 23 * 3600 + 5 * 60 + 9);
  expect_day(pattern("%d.%m.%Y %H:%M"), "7.11.1993 8:05", "1993-11-07", 8 * 3600 + 5 * 60);
  expect_day(pattern("%Y%m%dT%H"), "19931107T08", "1993-11-07", 8 * 3600);
}

TEST(DatePattern, reads_every_day_of_a_century_and_none_besides) {
  auto const compact = pattern("%y%m%d", 0);
  std::int64_t expected = day("1900-01-01");
  for (int year = 0; year < 100; ++year) {
    for (int month = 0; month < 100; ++month) {
      for (int d = 0; d < 100; ++d) {
        auto const date = compact.parse(fmt::format("{:02}{:02}{:02}", year, month, d));
        if (date.problem) {
          ASSERT_EQ(date.problem, impossible_date);
        } else {
          ASSERT_EQ(date.days, expected++);
        }
      }
    }
  }
  EXPECT_EQ(expected, day("2000-01-01"));
}

TEST(DatePattern, puts_two_digit_years_below_the_pivot_into_this_century) {
  expect_day(pattern("%y%m%d"), "680101", "2068-01-01");
  expect_day(pattern("%y%m%d"), "690101", "1969-01-01");
  expect_day(pattern("%y%m%d", 0), "000101", "1900-01-01");
  expect_day(pattern("%y%m%d", 100), "991231", "2099-12-31");
  expect_day(pattern("%y%m%d", 30), "291231", "2029-12-31");
  expect_day(pattern("%y%m%d", 30), "300101", "1930-01-01");
}

TEST(DatePattern, wants_all_digits_where_numbers_touch) {
  for (char const* text : {"70101", "7010101", "", "9301 1", "+30101", "93010 "})
    EXPECT_EQ(pattern("%y%m%d").parse(text).problem, not_a_date) << text;
  for (char const* text :
       {"1.1.98", "1.1.19980", "1..1998", "111.1.1998", "1.1.1998 ", " 1.1.1998", "1-1-1998"})
    EXPECT_EQ(pattern("%d.%m.%Y").parse(text).problem, not_a_date) << text;
  for (char const* text : {"07-Mrz-1998", "07-Ma", "07-", "07-3-1998", "07-March-1998"})
    EXPECT_EQ(pattern("%d-%b-%Y").parse(text).problem, not_a_date) << text;
  EXPECT_EQ(pattern("%d20%m%y").parse("7200398").problem, not_a_date) << "a digit of the pattern touches too";
}

TEST(DatePattern, tells_days_that_the_calendar_does_not_have) {
  for (char const* text : {"29.2.1999", "31.4.1999", "0.1.1999", "1.0.1999", "1.13.1999", "32.1.1999"})
    EXPECT_EQ(pattern("%d.%m.%Y").parse(text).problem, impossible_date) << text;
  expect_day(pattern("%d.%m.%Y"), "29.2.2000", "2000-02-29");
  auto const timed = pattern("%Y-%m-%d %H:%M:%S");
  for (char const* text : {"1999-01-01 24:00:00", "1999-01-01 00:60:00", "1999-01-01 00:00:60"})
    EXPECT_EQ(timed.parse(text).problem, impossible_date) << text;
}

TEST(DatePattern, tells_sex_and_day_of_a_birth_number) {
  auto const birth = pattern("birth_number", 0);
  expect_day(birth, "450204", "1945-02-04");
  EXPECT_FALSE(birth.parse("450204").woman);
  expect_day(birth, "706213", "1970-12-13");
  EXPECT_TRUE(birth.parse("706213").woman);
  for (char const* text : {"455004", "456304", "450004", "451304", "450230", "455230"})
    EXPECT_EQ(birth.parse(text).problem, impossible_date) << text;
  for (char const* text : {"45020", "4502040", "450204/123"})
    EXPECT_EQ(birth.parse(text).problem, not_a_date) << text;
}

TEST(DatePattern, is_refused_where_it_cannot_give_one_day) {
  for (char const* text : {"%y%m", "%Y", "%d.%m.%Y %Y", "%Y %y%m%d", "%m%b%d%Y", "%Y-%m-%d %M",
                           "%Y-%m-%d %H:%S", "%Y-%m-%d %H:%H", "%q", "%Y-%m-%d%", "%Y-%m-%e", "birth"}) {
    try {
      pattern(text);
      ADD_FAILURE() << text;
    } catch (ConfigurationError const& error) {
      EXPECT_NE(error.what_is_wrong().find(fmt::format("date_format = \"{}\"", text)), std::string::npos);
      EXPECT_FALSE(error.why().empty() || error.remedy().empty());
    }
  }
  EXPECT_THROW(pattern("%y%m%d", -1), ConfigurationError);
  EXPECT_THROW(pattern("%y%m%d", 101), ConfigurationError);
}

ColumnSpec declared(ColumnType type, std::string format, FieldPart part = FieldPart::whole) {
  ColumnSpec column;
  column.name = "c";
  column.type = type;
  column.date_format = std::move(format);
  column.part = part;
  return column;
}

TEST(ColumnDates, go_with_the_type_of_the_column) {
  TableSpec const table;
  EXPECT_FALSE(column_dates(table, declared(ColumnType::real, "")));
  EXPECT_FALSE(column_dates(table, declared(ColumnType::date, "")));
  EXPECT_TRUE(column_dates(table, declared(ColumnType::date, "%y%m%d")));
  EXPECT_TRUE(column_dates(table, declared(ColumnType::datetime, "%y%m%d %H")));
  EXPECT_TRUE(column_dates(table, declared(ColumnType::category, "birth_number", FieldPart::sex)));
  for (auto const type : {ColumnType::real, ColumnType::integer, ColumnType::category, ColumnType::id})
    EXPECT_THROW((void)column_dates(table, declared(type, "%y%m%d")), ConfigurationError);
  EXPECT_THROW((void)column_dates(table, declared(ColumnType::datetime, "%y%m%d")), ConfigurationError);
  EXPECT_THROW((void)column_dates(table, declared(ColumnType::date, "birth_number", FieldPart::sex)),
               ConfigurationError);
  EXPECT_THROW((void)column_dates(table, declared(ColumnType::category, "", FieldPart::sex)),
               ConfigurationError);
}

TEST(NumberParser, gives_days_for_dates_and_seconds_for_datetimes) {
  TableSpec const table;
  NumberParser const date(table, declared(ColumnType::date, "%y%m%d %H:%M:%S"));
  NumberParser const datetime(table, declared(ColumnType::datetime, "%y%m%d %H:%M:%S"));
  EXPECT_EQ(date.parse("700102 01:00:00").value, 1.0);
  EXPECT_EQ(datetime.parse("700102 01:00:00").value, 86400.0 + 3600.0);
  EXPECT_EQ(date.parse("700102").problem, not_a_date);
}

}  // namespace
}  // namespace tessera
