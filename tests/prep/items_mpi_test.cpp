// SPDX-License-Identifier: Apache-2.0
#include "tessera/core/error.hpp"
#include "tessera/prep/items.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <numeric>

#include "mpi/main.hpp"
#include "prep/customers.hpp"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tessera {
namespace {

using test::Deal;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::uint64_t kRecords = 2500;

ItemSpec many_items() {
  return {{"job", "contact"},
          {{"age", 4}, {"balance", 5}, {"opened", 3}, {"seen", 2}, {"nothing", 5}, {"constant", 5}}};
}

Baskets build(Communicator const& comm, ItemSpec const& spec, Deal deal = Deal::scattered) {
  return build_baskets(comm, test::placed_customers(comm, kRecords, deal), spec);
}

/// Baskets of all customers in the global order, as lengths and items.
struct Summary {
  std::vector<std::size_t> lengths;
  std::vector<std::int32_t> items;
  std::vector<std::string> names;
  bool operator==(Summary const&) const = default;
};

Summary summary(Communicator const& comm, Baskets const& baskets) {
  std::vector<std::size_t> lengths;
  for (std::size_t row = 0; row < baskets.rows(); ++row)
    lengths.push_back(baskets.basket(LocalRow{row}).size());
  return {test::concatenated(comm, lengths), test::concatenated(comm, baskets.items), baskets.item_names};
}

TEST(Baskets, are_the_same_for_any_number_of_ranks_and_any_file_order) {
  auto const expected =
      summary(Communicator::self(), build(Communicator::self(), many_items(), Deal::uneven_runs));
  for (auto const deal : {Deal::uneven_runs, Deal::scattered}) {
    EXPECT_TRUE(summary(test::world(), build(test::world(), many_items(), deal)) == expected);
  }
}

TEST(Baskets, number_items_by_column_and_value_and_leave_out_categories_that_nobody_has) {
  auto const names = build(test::world(), many_items()).item_names;
  ASSERT_GE(names.size(), 5U);
  EXPECT_THAT(std::vector(names.begin(), names.begin() + 5),
              ElementsAre("job=admin.", "job=retired", "job=student", "contact=e-mail", "contact=phone"));
  EXPECT_EQ(names.back(), "constant=[7, 7]");
  for (auto const& name : names) EXPECT_THAT(name, testing::Not(HasSubstr("nothing")));
}

TEST(Baskets, hold_ascending_items_that_say_what_the_columns_say) {
  auto const table = test::placed_customers(test::world(), kRecords, Deal::scattered);
  auto const baskets = build_baskets(test::world(), table, {{"job"}, {{"age", 4}}});
  auto const& job = std::get<CategoryColumn>(table.column("job").data);
  auto const& age = std::get<NumberColumn>(table.column("age").data).values;
  EXPECT_EQ(baskets.blocks.total_rows, kRecords);
  ASSERT_EQ(baskets.rows(), table.rows());
  for (std::size_t row = 0; row < table.rows(); ++row) {
    auto const basket = baskets.basket(LocalRow{row});
    ASSERT_TRUE(std::is_sorted(basket.begin(), basket.end(), std::less_equal<>()));
    bool const has_job = job.codes[row] != kMissingCode;
    ASSERT_EQ(basket.size(), has_job ? 2U : 1U);
    if (has_job) {
      ASSERT_EQ(baskets.item_names[static_cast<std::size_t>(basket[0])],
                "job=" + job.categories[static_cast<std::size_t>(job.codes[row])]);
    }
    double low = 0, high = 0;
    char closing = 0;
    ASSERT_EQ(std::sscanf(baskets.item_names[static_cast<std::size_t>(basket.back())].c_str(),
                          "age=[%lf, %lf%c", &low, &high, &closing),
              3);
    ASSERT_GE(age[row], low);
    ASSERT_TRUE(closing == ']' ? age[row] <= high : age[row] < high);
  }
}

/// Item names and how many customers have each, of one bin column on this rank alone.
std::vector<std::pair<std::string, int>> bins_of(std::vector<double> values, int quantiles,
                                                 ColumnType type = ColumnType::real) {
  auto const baskets =
      build_baskets(Communicator::self(), test::table_of(std::move(values), type), {{}, {{"x", quantiles}}});
  std::vector<std::pair<std::string, int>> out;
  for (auto const& name : baskets.item_names) out.emplace_back(name, 0);
  for (auto const item : baskets.items) ++out[static_cast<std::size_t>(item)].second;
  return out;
}

std::vector<double> counting(int count) {
  std::vector<double> values(static_cast<std::size_t>(count));
  std::iota(values.begin(), values.end(), 0.0);
  return values;
}

TEST(Bins, hold_about_equal_numbers_of_customers) {
  using Bin = std::pair<std::string, int>;
  EXPECT_THAT(bins_of(counting(101), 4), ElementsAre(Bin("x=[0, 25)", 25), Bin("x=[25, 50)", 25),
                                                     Bin("x=[50, 75)", 25), Bin("x=[75, 100]", 26)));
  EXPECT_THAT(bins_of({0.1, 0.2, 0.7, 1e300}, 2),
              ElementsAre(Bin("x=[0.1, 0.44999999999999996)", 2), Bin("x=[0.44999999999999996, 1e+300]", 2)));
}

TEST(Bins, of_tied_values_are_merged_and_none_is_empty) {
  using Bin = std::pair<std::string, int>;
  std::vector<double> mostly_zero(80, 0.0), mostly_one(20, 0.0);
  mostly_zero.resize(100, 1.0);
  mostly_one.resize(100, 1.0);
  EXPECT_THAT(bins_of(mostly_one, 5), ElementsAre(Bin("x=[0, 1)", 20), Bin("x=[1, 1]", 80)));
  EXPECT_THAT(bins_of({0, 100}, 5),
              ElementsAre(Bin("x=[0, 80)", 1), Bin("x=[80, 100]", 1)));  // quantiles 0, 20, ..
  EXPECT_THAT(bins_of(mostly_zero, 5, ColumnType::integer),
              ElementsAre(Bin("x=[0, 1)", 80), Bin("x=[1, 1]", 20)));
}

TEST(Bins, of_whole_numbers_have_whole_edges) {
  using Bin = std::pair<std::string, int>;
  EXPECT_THAT(
      bins_of({17, 18, 33, 34, -5}, 4, ColumnType::integer),
      ElementsAre(Bin("x=[-5, 17)", 1), Bin("x=[17, 18)", 1), Bin("x=[18, 33)", 1), Bin("x=[33, 34]", 2)));
  EXPECT_THAT(bins_of({1, 2, 3, 4}, 2, ColumnType::integer),
              ElementsAre(Bin("x=[1, 3)", 2), Bin("x=[3, 4]", 2)));
  EXPECT_THAT(bins_of({-1, 0}, 2, ColumnType::integer), ElementsAre(Bin("x=[-1, 0)", 1), Bin("x=[0, 0]", 1)));
}

TEST(Bins, of_dates_are_written_as_dates) {
  using Bin = std::pair<std::string, int>;
  EXPECT_THAT(bins_of({-1, 0, 19782, 20000}, 2, ColumnType::date),
              ElementsAre(Bin("x=[1969-12-31, 1997-01-30)", 2), Bin("x=[1997-01-30, 2024-10-04]", 2)));
  EXPECT_THAT(bins_of({-1, 86399, 86400, 90061}, 2, ColumnType::datetime),
              ElementsAre(Bin("x=[1969-12-31T23:59:59, 1970-01-02T00:00:00)", 2),
                          Bin("x=[1970-01-02T00:00:00, 1970-01-02T01:01:01]", 2)));
}

TEST(Bins, leave_no_bin_empty_and_no_customer_out_for_any_column) {
  for (auto const& kind : test::sample_kinds()) {
    for (int const quantiles : {2, 5, 16}) {
      auto const values = test::sample_column(kind, 400);
      auto const present =
          std::count_if(values.begin(), values.end(), [](double v) { return !std::isnan(v); });
      auto const bins = bins_of(values, quantiles);
      EXPECT_LE(bins.size(), static_cast<std::size_t>(quantiles)) << kind;
      int total = 0;
      for (auto const& [name, customers] : bins) {
        EXPECT_GT(customers, 0) << kind << " " << name;
        total += customers;
      }
      EXPECT_EQ(total, present) << kind;
    }
  }
}

TEST(Baskets, refuse_columns_of_another_type_and_list_the_choices) {
  auto const refusal = [](ItemSpec const& spec) {
    try {
      static_cast<void>(build(test::world(), spec));
    } catch (ConfigurationError const& error) {
      return error.what_is_wrong() + " | " + error.remedy();
    }
    return std::string("nothing was thrown");
  };
  EXPECT_THAT(refusal({{"age"}, {}}), HasSubstr("\"age\""));
  EXPECT_THAT(refusal({{"age"}, {}}), HasSubstr("one of: job, contact"));
  EXPECT_THAT(refusal({{"jobs"}, {}}), HasSubstr("\"jobs\""));
  EXPECT_THAT(refusal({{}, {{"job", 5}}}), HasSubstr("one of: age, balance, opened, seen"));
  EXPECT_THAT(refusal({{}, {{"age", 1}}}), HasSubstr("1 quantiles of column age"));
  EXPECT_THAT(refusal({{"job", "job"}, {}}), HasSubstr("job=admin."));
  EXPECT_THAT(refusal({{}, {{"age", 5}, {"age", 5}}}), HasSubstr("two items would both be named age="));
}

TEST(Baskets, fail_on_every_rank_when_one_fails) {
  auto const& comm = test::world();
  setenv("TESSERA_FAULT", ("items:" + std::to_string(comm.size() - 1)).c_str(), 1);
  EXPECT_THROW(static_cast<void>(build(comm, many_items())), Error);
  unsetenv("TESSERA_FAULT");
}

TEST(Baskets, of_no_columns_are_empty) {
  auto const baskets = build(test::world(), {});
  EXPECT_TRUE(baskets.item_names.empty());
  EXPECT_TRUE(baskets.items.empty());
  EXPECT_EQ(baskets.rows(), baskets.blocks.rows());
}

}  // namespace
}  // namespace tessera
