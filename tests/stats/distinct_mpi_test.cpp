// SPDX-License-Identifier: Apache-2.0
#include "tessera/stats/distinct.hpp"

#include <set>
#include <string>
#include <vector>

#include "mpi/main.hpp"
#include "stats/sample.hpp"
#include <gtest/gtest.h>

namespace tessera {
namespace {

using test::sample_value;

/// This rank's every so-manieth row, so that equal values lie on several ranks.
std::vector<double> dealt(Communicator const& comm, std::string const& kind, std::uint64_t rows) {
  std::vector<double> out;
  for (auto row = static_cast<std::uint64_t>(comm.rank()); row < rows;
       row += static_cast<std::uint64_t>(comm.size()))
    out.push_back(sample_value(kind, row));
  return out;
}

TEST(CountDistinct, counts_as_a_set_does) {
  for (std::string const kind : {"gauss", "whole numbers", "ties and both zeros", "with missing", "dominated",
                                 "denormals", "two values", "neighbours"}) {
    std::set<double> expected;
    for (std::uint64_t row = 0; row < 20'000; ++row) {
      double const value = sample_value(kind, row);
      if (value == value) expected.insert(value);
    }
    EXPECT_EQ(count_distinct(test::world(), dealt(test::world(), kind, 20'000)), expected.size()) << kind;
  }
}

TEST(CountDistinct, of_nothing_is_none) {
  EXPECT_EQ(count_distinct(test::world(), std::vector<double>{}), 0U);
  EXPECT_EQ(count_distinct(test::world(), std::vector<double>{test::kNaN}), 0U);
  EXPECT_EQ(count_distinct(test::world(), std::vector<Key>{}), 0U);
}

TEST(CountDistinct, counts_keys_that_differ_in_either_half) {
  std::vector<Key> keys;
  for (std::uint64_t i = 0; i < 300; ++i) {
    keys.push_back({i % 10, i % 3});  // the same ones on every rank
    keys.push_back({i % 3, i % 10});
  }
  std::set<Key> const expected(keys.begin(), keys.end());
  EXPECT_EQ(count_distinct(test::world(), keys), expected.size());
}

}  // namespace
}  // namespace tessera
