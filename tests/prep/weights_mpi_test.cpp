// SPDX-License-Identifier: Apache-2.0
#include "tessera/core/error.hpp"
#include "tessera/prep/weights.hpp"

#include <map>

#include "mpi/main.hpp"
#include "prep/customers.hpp"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tessera {
namespace {

using testing::HasSubstr;

constexpr std::uint64_t kRecords = 101;

/// This rank's run of a table whose weights are 0.5, 1.5, 2.5, ... but for these rows.
Table table_with(std::map<std::uint64_t, double> const& others) {
  std::vector<double> weights;
  for (auto const record : test::records(test::world(), kRecords, test::Deal::uneven_runs)) {
    auto const other = others.find(record);
    weights.push_back(other == others.end() ? static_cast<double>(record) + 0.5 : other->second);
  }
  return test::table_of(std::move(weights));
}

TEST(Weights, are_the_values_of_the_column) {
  auto const table = table_with({});
  EXPECT_NO_THROW(check_weights(test::world(), table, "x"));
  auto const all = test::concatenated(test::world(), weights_of(table, "x"));
  ASSERT_EQ(all.size(), kRecords);
  for (std::size_t row = 0; row < all.size(); ++row) EXPECT_EQ(all[row], static_cast<double>(row) + 0.5);
  EXPECT_EQ(test::concatenated(test::world(), weights_of(table_with({{3, 0.1}}), "x"))[3], 0.1);
}

TEST(Weights, of_no_column_are_none) {
  EXPECT_NO_THROW(check_weights(test::world(), table_with({{3, -1.0}}), ""));
  EXPECT_TRUE(weights_of(table_with({}), "").empty());
}

TEST(Weights, are_refused_with_the_first_row_that_has_none_whatever_the_ranks) {
  struct Case {
    double value;
    char const* says;
  };
  for (auto const& [value, says] :
       {Case{test::kNaN, "no value in column x"}, Case{0.0, "not above 0"}, Case{-3.25, "not above 0"},
        Case{1e39, "beyond what single precision holds"},
        Case{1e-39, "beyond what single precision holds"}}) {
    for (std::uint64_t const row : {0U, 40U, 100U}) {
      try {
        check_weights(test::world(), table_with({{row, value}, {100, -1.0}}), "x");
        ADD_FAILURE() << value << " in row " << row << " was accepted";
      } catch (Error const& error) {
        EXPECT_EQ(error.code(), ExitCode::input);
        EXPECT_THAT(error.what_is_wrong(),
                    HasSubstr("row " + std::to_string(row + 1) + " of table customers"));
        EXPECT_THAT(error.what_is_wrong(), HasSubstr(says));
        EXPECT_THAT(error.what_is_wrong(), testing::Not(HasSubstr("3.25")));
        EXPECT_THAT(error.remedy(), HasSubstr("[table.column.x]"));
      }
    }
  }
}

TEST(Weights, are_refused_from_a_column_that_is_not_there) {
  try {
    check_weights(test::world(), table_with({}), "y");
    ADD_FAILURE() << "was accepted";
  } catch (Error const& error) {
    EXPECT_EQ(error.code(), ExitCode::configuration);
    EXPECT_THAT(error.what_is_wrong(), HasSubstr("kmeans.weight uses \"y\""));
  }
}

}  // namespace
}  // namespace tessera
