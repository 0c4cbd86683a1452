// SPDX-License-Identifier: Apache-2.0
#include "tessera/io/number_style.hpp"

#include "tessera/core/error.hpp"
#include "tessera/core/random.hpp"
#include "tessera/io/number_parser.hpp"

#include <cstdint>
#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace tessera {
namespace {

/// What is parsed, or "refused".
std::string plain(std::string_view text, NumberStyle const& style) {
  std::string out;
  return without_style(text, style, out) ? out : "refused";
}

TEST(NumberStyle, takes_marks_out_where_they_belong) {
  NumberStyle const german{',', '.'}, swiss{'.', '\''}, french{',', ' '}, english{'.', ','};
  EXPECT_EQ(plain("1.234.567,89", german), "1234567.89");
  EXPECT_EQ(plain("-12.345", german), "-12345");
  EXPECT_EQ(plain("1234567,89", german), "1234567.89");
  EXPECT_EQ(plain(",5", german), ".5");
  EXPECT_EQ(plain("+1'000.5e3", swiss), "+1000.5e3");
  EXPECT_EQ(plain("1 234 567,8", french), "1234567.8");
  EXPECT_EQ(plain("1\xC2\xA0"
                  "234\xE2\x80\xAF"
                  "567",
                  french),
            "1234567");
  EXPECT_EQ(plain("999,999", english), "999999");
  EXPECT_EQ(plain("0,5", german), "0.5");
}

TEST(NumberStyle, refuses_marks_anywhere_else) {
  NumberStyle const german{',', '.'};
  for (char const* text : {"1.234.56", "1.23", "1234.567", "1..234", ".123", "1.234.", "1.2345", "0.123",
                           "01.234", "1,234.567", "1.234,5.6", "-.123", "1.234.5678"}) {
    EXPECT_EQ(plain(text, german), "refused") << text;
  }
  EXPECT_EQ(plain("1.5", NumberStyle{',', '\0'}), "refused");
  EXPECT_EQ(plain("1,5", NumberStyle{'.', '\''}), "refused");
}

/// `whole` with a mark between groups.
std::string grouped(std::uint64_t whole, char mark) {
  std::string text = std::to_string(whole);
  for (std::size_t at = text.size(); at > 3;) text.insert(at -= 3, 1, mark);
  return text;
}

TEST(NumberStyle, reads_back_what_was_written_in_it) {
  TableSpec table;
  ColumnSpec column;
  column.type = ColumnType::real;
  Draw const draw(11, Purpose::generate);
  for (std::string const marks : {",.", ".,", ",'", ". "}) {
    table.decimal = marks[0];
    table.thousands = marks.substr(1);
    NumberParser const parser(table, column);
    for (std::uint64_t i = 0; i < 2'000; ++i) {
      std::uint64_t const whole = draw.below(std::uint64_t{1} << draw.below(50, i, 0), i, 1);
      std::uint64_t const cents = draw.below(100, i, 2);
      auto const text = fmt::format("{}{}{:02}", grouped(whole, marks[1]), marks[0], cents);
      auto const expected = parse_real(fmt::format("{}.{:02}", whole, cents));
      auto const got = parser.parse(text);
      ASSERT_FALSE(got.problem) << text;
      ASSERT_EQ(got.value, expected.value) << text;
    }
  }
}

TEST(NumberStyle, of_a_table_is_refused_where_marks_cannot_be_told_apart) {
  auto const refused = [](char decimal, std::string thousands) {
    TableSpec table;
    table.decimal = decimal;
    table.thousands = std::move(thousands);
    EXPECT_THROW((void)number_style(table), ConfigurationError) << decimal << table.thousands;
  };
  refused('5', "");
  refused(';', "");
  refused(',', ",");
  refused('.', ".");
  refused('.', "1");
  refused('.', "-");
  refused('.', ",,");
  TableSpec table;
  EXPECT_EQ(number_style(table), NumberStyle{});
  table.quoted = false;
  table.thousands = ",";
  EXPECT_THROW((void)number_style(table), ConfigurationError);
  table.delimiter = ';';
  EXPECT_EQ(number_style(table), (NumberStyle{'.', ','}));
}

}  // namespace
}  // namespace tessera
