// SPDX-License-Identifier: Apache-2.0
#include "tessera/stats/rank.hpp"

#include <cmath>

#include "mpi/main.hpp"
#include "stats/sample.hpp"
#include <gtest/gtest.h>

namespace tessera {
namespace {

using test::bits;
using test::Deal;

std::vector<double> naive_ranks(std::vector<double> const& values) {
  std::uint64_t count = 0;
  for (auto const value : values) count += std::isnan(value) ? 0 : 1;
  std::vector<double> out;
  for (auto const value : values) {
    std::uint64_t below = 0, equal = 0;
    for (auto const other : values) {
      below += other < value ? 1 : 0;
      equal += other == value ? 1 : 0;
    }
    out.push_back(std::isnan(value) ? test::kNaN
                                    : (static_cast<double>(below) + 0.5 * static_cast<double>(equal)) /
                                          static_cast<double>(count));
  }
  return out;
}

TEST(FractionalRanks, equal_naive_counting_however_the_rows_are_dealt) {
  for (auto const& kind : test::sample_kinds()) {
    for (std::size_t const rows : {0U, 1U, 2U, 7U, 1500U}) {
      auto const all = test::sample_column(kind, rows);
      auto const expected = naive_ranks(all);
      for (auto const deal : {Deal::uneven_runs, Deal::scattered}) {
        auto const actual = fractional_ranks(test::world(), test::share_of(test::world(), all, deal));
        EXPECT_EQ(bits(actual), bits(test::share_of(test::world(), expected, deal))) << kind;
      }
    }
  }
}

TEST(FractionalRanks, travel_in_small_messages) {
  auto const comm = test::world().with_message_limit(100);
  auto const all = test::sample_column("gauss", 1500);
  EXPECT_EQ(bits(fractional_ranks(comm, test::share_of(comm, all, Deal::scattered))),
            bits(test::share_of(comm, naive_ranks(all), Deal::scattered)));
}

TEST(FractionalRanks, of_sorted_distinct_values_are_the_middles_of_equal_steps) {
  auto const ranks = fractional_ranks(Communicator::self(), std::vector<double>{-5, 1, 2, 1e300});
  EXPECT_EQ(ranks, (std::vector<double>{0.125, 0.375, 0.625, 0.875}));
}

TEST(FractionalRanks, do_not_change_under_a_rising_transform) {
  auto const mine = test::share_of(test::world(), test::sample_column("gauss", 1000), Deal::scattered);
  auto transformed = mine;
  for (auto& value : transformed) value = std::exp(value / 50);
  EXPECT_EQ(bits(fractional_ranks(test::world(), mine)), bits(fractional_ranks(test::world(), transformed)));
}

}  // namespace
}  // namespace tessera
