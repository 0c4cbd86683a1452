// SPDX-License-Identifier: Apache-2.0
#include "tessera/prep/aggregate.hpp"

#include <bit>
#include <cmath>

#include "prep/transactions.hpp"
#include <gtest/gtest.h>

namespace tessera {
namespace {

using namespace test;

constexpr std::size_t kCustomers = 60;

/// Bits of numbers, or texts of categories: what must not change.
std::vector<std::string> exactly(Column const& column) {
  std::vector<std::string> out;
  if (auto const* const numbers = std::get_if<NumberColumn>(&column.data)) {
    for (auto const value : numbers->values)
      out.push_back(std::to_string(std::bit_cast<std::uint64_t>(value)));
  } else {
    auto const& categories = std::get<CategoryColumn>(column.data);
    EXPECT_TRUE(std::is_sorted(categories.categories.begin(), categories.categories.end()));
    for (auto const code : categories.codes)
      out.push_back(code == kMissingCode ? "" : categories.categories[static_cast<std::size_t>(code)]);
  }
  return out;
}

std::string describe(AggregateSpec const& spec) {
  return "kind " + std::to_string(static_cast<int>(spec.kind)) + " of \"" + spec.column + "\" in " +
         std::to_string(spec.window_days) + " days with " + std::to_string(spec.where.size()) + " conditions";
}

void expect_oracle(ColumnType date) {
  auto const specs = all_aggregates();
  auto const rows = transactions(kCustomers, 6000, date);
  auto const columns = folded(transactions_spec(date), specs, kCustomers, rows, 500);
  std::vector<std::vector<OracleRow>> of_customer(kCustomers);
  for (auto const& [customer, row] : rows) of_customer[customer].push_back(row);
  for (std::size_t i = 0; i < specs.size(); ++i) {
    EXPECT_EQ(columns[i].name, specs[i].name);
    for (std::size_t customer = 0; customer < kCustomers; ++customer) {
      auto const expected = Oracle(specs[i], of_customer[customer]).value();
      if (auto const* const numbers = std::get_if<NumberColumn>(&columns[i].data)) {
        double const value = numbers->values[customer];
        ASSERT_EQ(std::isnan(value), std::isnan(expected.number))
            << describe(specs[i]) << ", customer " << customer << ": " << value << " and " << expected.number;
        if (!std::isnan(value)) {
          ASSERT_NEAR(value, expected.number, 1e-12 * std::abs(expected.number) + 1e-9)
              << describe(specs[i]) << ", customer " << customer;
        }
      } else {
        ASSERT_EQ(exactly(columns[i])[customer], expected.category) << describe(specs[i]);
      }
    }
  }
}

TEST(Aggregates, are_what_their_definitions_say) {
  expect_oracle(ColumnType::date);
}

TEST(Aggregates, of_rows_with_times_of_day_are_what_their_definitions_say) {
  expect_oracle(ColumnType::datetime);
}

TEST(Aggregates, do_not_depend_on_the_order_of_rows_or_on_rounds) {
  for (auto const date : {ColumnType::date, ColumnType::datetime}) {
    auto const table = transactions_spec(date);
    auto const specs = all_aggregates();
    auto const rows = transactions(kCustomers, 4000, date);
    auto const expected = folded(table, specs, kCustomers, rows, rows.size());
    for (std::uint64_t seed = 1; seed <= 3; ++seed) {
      auto const columns = folded(table, specs, kCustomers, shuffled(rows, seed), seed * seed * 137);
      for (std::size_t i = 0; i < specs.size(); ++i)
        EXPECT_EQ(exactly(columns[i]), exactly(expected[i])) << describe(specs[i]);
    }
  }
}

TEST(Aggregates, are_the_same_alone_and_together) {
  auto const table = transactions_spec();
  auto const specs = all_aggregates();
  auto const rows = transactions(kCustomers, 1500);
  auto const together = folded(table, specs, kCustomers, rows, 400);
  for (std::size_t i = 0; i < specs.size(); i += 7) {
    auto const alone = folded(table, {specs[i]}, kCustomers, rows, 400);
    EXPECT_EQ(exactly(alone.front()), exactly(together[i])) << describe(specs[i]);
  }
}

TEST(Aggregates, of_more_distinct_values_than_a_log_waits_for_are_exact) {
  std::vector<Transaction> rows;
  for (std::uint32_t i = 0; i < 700'000; ++i) {
    auto const day = kAsOf - static_cast<std::int32_t>(i / 2 % 6000);
    rows.push_back({i % 2, {static_cast<double>(day), day, static_cast<double>(i % 350'000), "x"}});
  }
  auto const columns = folded(transactions_spec(),
                              {aggregate(Aggregate::distinct, "amount"), aggregate(Aggregate::gap),
                               aggregate(Aggregate::time_mean, "amount")},
                              2, rows, 100'000);
  EXPECT_EQ(std::get<NumberColumn>(columns[0].data).values, (std::vector{175'000.0, 175'000.0}));
  EXPECT_EQ(std::get<NumberColumn>(columns[1].data).values, (std::vector{1.0, 1.0}));
}

TEST(Aggregates, of_customers_without_rows_are_zero_or_missing) {
  auto const specs = all_aggregates();
  auto const columns = folded(transactions_spec(), specs, 2, {}, 10);
  for (std::size_t i = 0; i < specs.size(); ++i) {
    auto const kind = specs[i].kind;
    bool const zero = kind == Aggregate::count || kind == Aggregate::sum || kind == Aggregate::distinct ||
                      kind == Aggregate::active_months || kind == Aggregate::frequency;
    if (auto const* const numbers = std::get_if<NumberColumn>(&columns[i].data)) {
      ASSERT_EQ(numbers->values.size(), 2U);
      if (zero) {
        EXPECT_EQ(numbers->values[1], 0.0) << describe(specs[i]);
      } else {
        EXPECT_TRUE(std::isnan(numbers->values[1])) << describe(specs[i]);
      }
    } else {
      EXPECT_EQ(std::get<CategoryColumn>(columns[i].data).codes, std::vector(2, kMissingCode));
    }
  }
}

TEST(Aggregates, of_equal_values_deviate_by_exactly_nothing) {
  std::vector<Transaction> rows;
  for (std::int32_t i = 0; i < 1000; ++i) rows.push_back({0, {kAsOf - 1.0 * i, kAsOf - i, 1000.37, "x"}});
  auto const columns = folded(transactions_spec(), {aggregate(Aggregate::std, "amount")}, 1, rows, 1000);
  EXPECT_EQ(std::get<NumberColumn>(columns[0].data).values[0], 0.0);
}

TEST(Aggregates, of_large_and_small_values_lose_nothing) {
  std::vector<Transaction> rows;
  for (int i = 0; i < 1000; ++i) {
    for (double const value : {1.0e14, 0.125, -1.0e14}) rows.push_back({0, {kAsOf, kAsOf, value, "x"}});
  }
  auto const columns =
      folded(transactions_spec(), {aggregate(Aggregate::sum, "amount"), aggregate(Aggregate::std, "amount")},
             1, rows, 100);
  EXPECT_EQ(std::get<NumberColumn>(columns[0].data).values[0], 125.0);
}

TEST(Aggregates, keep_dates_as_dates_and_counts_as_whole_numbers) {
  auto const type = [](AggregateSpec const& spec) {
    return folded(transactions_spec(), {spec}, 1, {}, 1).front().type;
  };
  EXPECT_EQ(type(aggregate(Aggregate::max, "when")), ColumnType::date);
  EXPECT_EQ(type(aggregate(Aggregate::first, "when")), ColumnType::date);
  EXPECT_EQ(type(aggregate(Aggregate::count)), ColumnType::integer);
  EXPECT_EQ(type(aggregate(Aggregate::distinct, "partner")), ColumnType::integer);
  EXPECT_EQ(type(aggregate(Aggregate::last, "category")), ColumnType::category);
  EXPECT_EQ(type(aggregate(Aggregate::mean, "amount")), ColumnType::real);
}

TEST(Aggregates, count_distinct_ids) {
  auto const rows = transactions(kCustomers, 3000);
  auto const columns =
      folded(transactions_spec(),
             {aggregate(Aggregate::distinct, "partner"), aggregate(Aggregate::distinct, "category")},
             kCustomers, rows, 100);
  EXPECT_EQ(exactly(columns[0]), exactly(columns[1])) << "here a partner is the hash of the category";
}

TEST(Aggregates, of_tables_without_dates_take_all_rows) {
  auto table = transactions_spec();
  table.date = "";
  auto const specs = std::vector{aggregate(Aggregate::count), aggregate(Aggregate::distinct, "category"),
                                 aggregate(Aggregate::mean, "amount"), aggregate(Aggregate::max, "when")};
  std::vector<Transaction> const rows{{1, {kAsOf + 5.0, kAsOf + 5, 2.0, "x"}}, {1, {kAsOf, kAsOf, 4.0, "y"}}};
  auto const columns = folded(table, specs, 2, rows, 1);
  auto const of_second = [&](std::size_t i) { return std::get<NumberColumn>(columns[i].data).values[1]; };
  EXPECT_EQ(of_second(0), 2.0);
  EXPECT_EQ(of_second(1), 2.0);
  EXPECT_EQ(of_second(2), 3.0);
  EXPECT_EQ(of_second(3), kAsOf + 5.0);
}

}  // namespace
}  // namespace tessera
