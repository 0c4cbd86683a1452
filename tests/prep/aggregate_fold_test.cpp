// SPDX-License-Identifier: Apache-2.0
#include "tessera/core/error.hpp"
#include "tessera/prep/aggregate.hpp"

#include "prep/transactions.hpp"
#include <gtest/gtest.h>

/// What a fold keeps, tells and refuses; aggregate_test.cpp has the values.
namespace tessera {
namespace {

using namespace test;

TEST(AggregateFold, tells_rows_that_none_of_them_can_use) {
  AggregateFold fold(transactions_spec(), {aggregate(Aggregate::count)}, 1);
  CustomerRows rows;
  rows.customer = {0, 0, 0, 0};
  rows.columns = {{"when", ColumnType::date, NumberColumn{{kAsOf, kAsOf + 1.0, kAsOf + 2.0, kMissingNumber}}},
                  {"amount", ColumnType::real, NumberColumn{{1, 1, 1, 1}}},
                  {"category", ColumnType::category, CategoryColumn{{0, 0, 0, 0}, {}}},
                  {"partner", ColumnType::id, KeyColumn{std::vector<std::optional<Key>>(4)}}};
  std::vector<std::string> const dictionary{"x"};
  fold.add(rows, [&](std::size_t) -> std::vector<std::string> const& { return dictionary; });
  EXPECT_EQ(fold.rows_after_as_of(), 2U);
  EXPECT_EQ(fold.rows_without_date(), 1U);
  EXPECT_EQ(std::get<NumberColumn>(fold.finish().front().data).values[0], 1.0);
}

TEST(AggregateFold, tells_values_that_no_row_has) {
  auto spec = aggregate(Aggregate::share, "category");
  spec.where = {{"category", {"csah", "x"}, {}, {}}};
  AggregateFold fold(transactions_spec(), {spec}, 1);
  CustomerRows rows;
  rows.columns = {{"when", ColumnType::date, NumberColumn{}},
                  {"amount", ColumnType::real, NumberColumn{}},
                  {"category", ColumnType::category, CategoryColumn{}},
                  {"partner", ColumnType::id, KeyColumn{}}};
  std::vector<std::string> const dictionary{"cash", "x"};
  fold.add(rows, [&](std::size_t) -> std::vector<std::string> const& { return dictionary; });
  EXPECT_EQ(fold.values_never_met(), (std::vector<std::string>{"category = card", "category = csah"}));
}

TEST(AggregateFold, knows_a_value_that_is_named_twice) {
  auto spec = aggregate(Aggregate::count);
  spec.where = {{"category", {"cash", "cash"}, {}, {}}};
  auto once = spec;
  once.name = "once";
  once.where.front().values = {"cash"};
  AggregateFold fold(transactions_spec(), {spec, once}, 1);
  CustomerRows rows;
  rows.customer = {0, 0};
  rows.columns = {{"when", ColumnType::date, NumberColumn{{kAsOf, kAsOf}}},
                  {"amount", ColumnType::real, NumberColumn{{1, 1}}},
                  {"category", ColumnType::category, CategoryColumn{{0, 1}, {}}},
                  {"partner", ColumnType::id, KeyColumn{std::vector<std::optional<Key>>(2)}}};
  std::vector<std::string> const dictionary{"card", "cash"};
  fold.add(rows, [&](std::size_t) -> std::vector<std::string> const& { return dictionary; });
  EXPECT_TRUE(fold.values_never_met().empty());
  EXPECT_EQ(fold.bytes_a_customer(), 8U) << "both are one filter's count";
  for (auto const& column : fold.finish())
    EXPECT_EQ(std::get<NumberColumn>(column.data).values[0], 1.0) << column.name;
}

TEST(AggregateFold, shares_what_aggregates_keep_of_a_customer) {
  auto const bytes = [](std::vector<AggregateSpec> specs) {
    return AggregateFold(transactions_spec(), std::move(specs), 0).bytes_a_customer();
  };
  auto const sum = aggregate(Aggregate::sum, "amount"), mean = aggregate(Aggregate::mean, "amount");
  EXPECT_EQ(bytes({aggregate(Aggregate::count)}), 8U);
  EXPECT_EQ(bytes({sum}), 24U);
  EXPECT_EQ(bytes({sum, mean}), 24U);
  EXPECT_EQ(bytes({aggregate(Aggregate::std, "amount")}), 56U);
  EXPECT_EQ(bytes({aggregate(Aggregate::frequency)}), 16U) << "without a window, the first day too";
  EXPECT_EQ(bytes({aggregate(Aggregate::frequency, "", 30)}), 8U);
  EXPECT_EQ(bytes({aggregate(Aggregate::trend, "amount")}), 56U);
  EXPECT_EQ(bytes({aggregate(Aggregate::trend, "amount", 30)}), 48U);
  EXPECT_EQ(bytes({aggregate(Aggregate::ratio, "amount", 30)}), 48U);
  EXPECT_EQ(bytes({aggregate(Aggregate::ratio, "", 30)}), 16U);
  EXPECT_EQ(bytes({aggregate(Aggregate::gap)}), 64U);
  EXPECT_EQ(bytes({aggregate(Aggregate::time_mean, "amount", 30)}), 16U) << "the balance that it opens with";
  EXPECT_EQ(bytes({aggregate(Aggregate::time_mean, "amount")}), 0U);
}

TEST(AggregateFold, refuses_a_balance_beyond_the_grid_that_a_window_opens_with) {
  auto const mean = aggregate(Aggregate::time_mean, "amount", 30);
  std::vector<Transaction> rows{{0, {kAsOf - 40, kAsOf - 40, 0x1p47, "x"}}, {0, {kAsOf, kAsOf, 1, "x"}}};
  try {
    folded(transactions_spec(), {mean}, 1, rows, 1);
    ADD_FAILURE() << "was added";
  } catch (InputError const& error) {
    EXPECT_NE(error.what_is_wrong().find("column \"amount\" is 2^47"), std::string::npos) << error.what();
  }
  rows.push_back({0, {kAsOf - 35, kAsOf - 35, 5, "x"}});
  auto const columns = folded(transactions_spec(), {mean}, 1, rows, 1);
  EXPECT_EQ(std::get<NumberColumn>(columns.front().data).values[0], (29 * 5.0 + 1) / 30)
      << "a balance that another has replaced is not added";
}

TEST(AggregateFold, refuses_values_beyond_the_grid) {
  for (auto const kind : {Aggregate::sum, Aggregate::std, Aggregate::trend, Aggregate::time_mean}) {
    for (double const value : {0x1p47, -0x1p47, 1e300}) {
      std::vector<Transaction> const rows{{0, {kAsOf, kAsOf, value, "x"}}};
      try {
        folded(transactions_spec(), {aggregate(kind, "amount")}, 1, rows, 1);
        ADD_FAILURE() << value << " was added";
      } catch (InputError const& error) {
        EXPECT_NE(error.what_is_wrong().find("\"amount\""), std::string::npos) << error.what();
        EXPECT_NE(error.remedy().find("[table.column.amount]"), std::string::npos);
      }
    }
  }
  std::vector<Transaction> const rows{{0, {kAsOf, kAsOf, 1e300, "x"}}};
  EXPECT_EQ(std::get<NumberColumn>(
                folded(transactions_spec(), {aggregate(Aggregate::max, "amount")}, 1, rows, 1).front().data)
                .values[0],
            1e300)
      << "what is not added has no such limit";
}

}  // namespace
}  // namespace tessera
