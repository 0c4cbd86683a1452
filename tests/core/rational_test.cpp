// SPDX-License-Identifier: Apache-2.0
#include "tessera/core/rational.hpp"

#include "tessera/core/error.hpp"

#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tessera {
namespace {

using testing::HasSubstr;

Share share(std::string_view text) {
  return Share::parse(text, "itemsets.min_support");
}

TEST(Share, counts_28_percent_of_25_rows_as_7) {
  EXPECT_EQ(share("28%").count_of(25), 7U);
  EXPECT_EQ(share("7/25").count_of(25), 7U);
  EXPECT_EQ(share("28.0%").count_of(25), 7U);
  EXPECT_EQ(share("28.01%").count_of(25), 8U);
}

TEST(Share, counts_each_whole_percentage_as_integers_do) {
  for (std::uint64_t percent = 1; percent <= 100; ++percent) {
    auto const minimum = share(std::to_string(percent) + "%");
    for (std::uint64_t rows = 0; rows < 300; ++rows) {
      auto const count = minimum.count_of(rows);
      ASSERT_GE(count, 1U);
      ASSERT_GE(count * 100, percent * rows);
      if (count > 1) {
        ASSERT_LT((count - 1) * 100, percent * rows) << percent << " % of " << rows;
      }
    }
  }
}

TEST(Share, of_very_many_rows_does_not_overflow) {
  constexpr auto kRows = std::numeric_limits<std::uint64_t>::max();
  EXPECT_EQ(share("100%").count_of(kRows), kRows);
  EXPECT_EQ(share("50%").count_of(kRows), kRows / 2 + 1);
  EXPECT_EQ(share("0.0000000000001%").count_of(1'000'000'000'000'000), 1U);
}

TEST(Share, may_be_a_count) {
  EXPECT_EQ(share("250").count_of(10), 250U);
  EXPECT_EQ(share("250"), Share::of_count(250));
  EXPECT_EQ(share(" 250 ").text(), "250");
}

TEST(Share, is_written_in_lowest_terms) {
  EXPECT_EQ(share("1%").text(), "1/100");
  EXPECT_EQ(share("0.25%").text(), "1/400");
  EXPECT_EQ(share("30/1000").text(), "3/100");
  EXPECT_EQ(share(" 50 % "), share("1 / 2"));
  EXPECT_EQ(share(share("12.5%").text()), share("12.5%"));
}

TEST(Share, refuses_what_is_no_share_and_names_the_key) {
  for (char const* text : {"",
                           " ",
                           "%",
                           "0",
                           "0%",
                           "0/5",
                           "0.000%",
                           "101%",
                           "100.1%",
                           "6/5",
                           "1/0",
                           "-1%",
                           "+1%",
                           "-3",
                           "1.5",
                           "abc",
                           "1%%",
                           "1e2%",
                           "1//2",
                           "/",
                           "1/",
                           "/2",
                           "0.5/3",
                           "1.2.3%",
                           ".%",
                           "1,5%",
                           "nan%",
                           "99999999999999999999",
                           "0.00000000000000000001%"}) {
    try {
      static_cast<void>(share(text));
      ADD_FAILURE() << "accepted \"" << text << "\"";
    } catch (ConfigurationError const& error) {
      EXPECT_EQ(error.code(), ExitCode::configuration);
      EXPECT_THAT(error.what_is_wrong(), HasSubstr("itemsets.min_support = \"" + std::string(text) + "\""));
      EXPECT_THAT(error.remedy(), HasSubstr("3/1000"));
    }
  }
}

}  // namespace
}  // namespace tessera
