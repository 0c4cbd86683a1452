// SPDX-License-Identifier: Apache-2.0
#include "tessera/io/csv_text.hpp"

#include "tessera/core/nearest_name.hpp"

#include <gtest/gtest.h>

namespace tessera {
namespace {

TEST(CsvText, undoubles_quotes_of_well_quoted_fields) {
  std::string scratch;
  EXPECT_EQ(unquoted("\"\"", scratch), "");
  EXPECT_EQ(unquoted("\"a,b\n\"", scratch), "a,b\n");
  EXPECT_EQ(unquoted("\"\"\"\"", scratch), "\"");
  EXPECT_EQ(unquoted("\"a\"\"b\"\"\"\"c\"", scratch), "a\"b\"\"c");
  for (char const* field : {"\"\"", "\"a\"", "\"\"\"\"", "\"a\"\"\""})
    EXPECT_TRUE(is_well_quoted(field)) << field;
  for (char const* field : {"\"", "a\"b\"", "\"a\"b", " \"a\"", "\"a\" ", "\"a\"b\"", "\"\"\"", "a\"\""}) {
    EXPECT_FALSE(is_well_quoted(field)) << field;
  }
}

/// Encodes one code point without asking whether it exists.
std::string encoded(unsigned point, int bytes) {
  auto const tail = [&](int shift) { return static_cast<char>(0x80 | ((point >> shift) & 0x3F)); };
  if (bytes == 1) return {static_cast<char>(point)};
  if (bytes == 2) return {static_cast<char>(0xC0 | (point >> 6)), tail(0)};
  if (bytes == 3) return {static_cast<char>(0xE0 | (point >> 12)), tail(6), tail(0)};
  return {static_cast<char>(0xF0 | (point >> 18)), tail(12), tail(6), tail(0)};
}

TEST(CsvText, accepts_every_code_point_in_its_shortest_form_and_no_other_form) {
  for (unsigned point = 0; point < 0x1FFFFF; point += point < 0x1000 ? 1 : 251) {
    int const shortest = point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    bool const exists = point <= 0x10FFFF && !(point >= 0xD800 && point <= 0xDFFF);
    for (int bytes = shortest; bytes <= 4; ++bytes) {
      ASSERT_EQ(is_utf8("prefix " + encoded(point, bytes) + " suffix"), exists && bytes == shortest)
          << point << ' ' << bytes;
    }
    std::string const whole = encoded(point, shortest);
    ASSERT_EQ(is_utf8(std::string_view(whole).substr(0, whole.size() - 1)), shortest == 1) << point;
  }
  for (unsigned const lone : {0x80U, 0xBFU, 0xC0U, 0xC1U, 0xF5U, 0xFFU}) {
    EXPECT_FALSE(is_utf8(std::string(1, static_cast<char>(lone)) + "abc")) << lone;
  }
}

TEST(NearestName, has_the_fewest_edits_and_comes_first) {
  std::vector<std::string> const names{"customer_id", "age", "balance"};
  EXPECT_EQ(nearest_name("agee", names), "age");
  EXPECT_EQ(nearest_name("Balance", names), "balance");
  EXPECT_EQ(nearest_name("custmer_id", names), "customer_id");
  EXPECT_EQ(nearest_name("x", std::vector<std::string>{}), "");
}

}  // namespace
}  // namespace tessera
