// SPDX-License-Identifier: Apache-2.0
#include "tessera/core/error.hpp"
#include "tessera/stats/quantiles.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "mpi/main.hpp"
#include "stats/sample.hpp"
#include <gtest/gtest.h>

namespace tessera {
namespace {

using test::bits;
using test::Deal;

std::vector<double> sorted_present(std::vector<double> values) {
  values.erase(std::remove_if(values.begin(), values.end(), [](double v) { return std::isnan(v); }),
               values.end());
  for (auto& value : values) value += 0.0;  // -0.0 counts as 0.0
  std::sort(values.begin(), values.end());
  return values;
}

/// Hyndman and Fan's type 7 on a sorted column.
double type_7(std::vector<double> const& sorted, double probability) {
  double const position = static_cast<double>(sorted.size() - 1) * probability;
  auto const lower = static_cast<std::size_t>(std::floor(position));
  auto const upper = std::min(lower + 1, sorted.size() - 1);
  return sorted[lower] + (sorted[upper] - sorted[lower]) * (position - std::floor(position));
}

TEST(OrderStatistics, are_the_positions_of_the_sorted_column) {
  for (auto const& kind : test::sample_kinds()) {
    auto const all = test::sample_column(kind, 777);
    auto const sorted = sorted_present(all);
    if (sorted.empty()) continue;
    std::vector<std::uint64_t> positions;  // each one, in a scrambled order, some twice
    for (std::size_t i = 0; i < sorted.size(); ++i) positions.push_back(i * 31 % sorted.size());
    positions.push_back(sorted.size() - 1);
    positions.push_back(0);
    std::vector<double> expected;
    for (auto const position : positions) expected.push_back(sorted[position]);
    for (auto const deal : {Deal::uneven_runs, Deal::scattered}) {
      auto const mine = test::share_of(test::world(), all, deal);
      EXPECT_EQ(bits(order_statistics(test::world(), mine, positions)), bits(expected)) << kind;
    }
  }
}

TEST(OrderStatistics, of_any_single_position_are_found_alone) {
  auto const all = test::sample_column("heavy tail", 200);
  auto const sorted = sorted_present(all);
  auto const mine = test::share_of(test::world(), all, Deal::scattered);
  for (std::uint64_t position = 0; position < sorted.size(); position += 41) {
    EXPECT_EQ(order_statistics(test::world(), mine, std::vector{position}), std::vector{sorted[position]});
  }
}

TEST(OrderStatistics, include_infinities_and_the_extremes_of_double) {
  std::vector<double> const all{
      INFINITY, -INFINITY, 1.7976931348623157e308, -1.7976931348623157e308, 5e-324, -5e-324,
      -0.0,     test::kNaN};
  std::vector<std::uint64_t> positions(7);
  std::iota(positions.begin(), positions.end(), 0);
  EXPECT_EQ(
      bits(order_statistics(test::world(), test::share_of(test::world(), all, Deal::scattered), positions)),
      bits(sorted_present(all)));
}

TEST(OrderStatistics, beyond_the_column_are_refused) {
  std::vector<double> const mine{1.0, test::kNaN};
  auto const count = static_cast<std::uint64_t>(test::world().size());
  EXPECT_THROW(static_cast<void>(order_statistics(test::world(), mine, std::vector{count})), BugError);
  EXPECT_TRUE(order_statistics(test::world(), mine, {}).empty());
}

TEST(Quantiles, equal_type_7_of_the_sorted_column) {
  std::vector<double> probabilities{0.0, 1.0, 0.5, 0.25, 0.75, 0.01, 0.99, 1.0 / 3, 0.5};
  for (int i = 0; i < 40; ++i) probabilities.push_back(i / 39.0);
  for (auto const& kind : test::sample_kinds()) {
    for (std::size_t const rows : {1U, 2U, 1000U}) {
      auto const all = test::sample_column(kind, rows);
      auto const sorted = sorted_present(all);
      std::vector<double> expected;
      for (auto const p : probabilities) expected.push_back(sorted.empty() ? test::kNaN : type_7(sorted, p));
      for (auto const deal : {Deal::uneven_runs, Deal::scattered}) {
        auto const actual = quantiles(test::world(), test::share_of(test::world(), all, deal), probabilities);
        for (std::size_t q = 0; q < expected.size(); ++q) {
          if (std::isnan(expected[q])) {
            ASSERT_TRUE(std::isnan(actual[q])) << kind;
          } else {
            ASSERT_EQ(bits(actual[q] + 0.0), bits(expected[q] + 0.0)) << kind << " " << probabilities[q];
          }
        }
      }
    }
  }
}

TEST(Quantiles, never_fall_as_the_probability_rises_and_stay_between_the_extremes) {
  std::vector<double> probabilities;
  for (int i = 0; i <= 1000; ++i) probabilities.push_back(i / 1000.0);
  for (auto const& kind : test::sample_kinds()) {
    auto const all = test::sample_column(kind, 300);
    auto const sorted = sorted_present(all);
    if (sorted.empty()) continue;
    auto const q =
        quantiles(test::world(), test::share_of(test::world(), all, Deal::scattered), probabilities);
    EXPECT_TRUE(std::is_sorted(q.begin(), q.end())) << kind;
    EXPECT_EQ(q.front(), sorted.front()) << kind;
    EXPECT_EQ(q.back(), sorted.back()) << kind;
  }
}

TEST(Quantiles, refuse_probabilities_outside_0_and_1) {
  std::vector<double> const mine{1.0, 2.0};
  for (double const probability : {-0.1, 1.1, test::kNaN}) {
    EXPECT_THROW(static_cast<void>(quantiles(test::world(), mine, std::vector{probability})), BugError);
  }
}

}  // namespace
}  // namespace tessera
