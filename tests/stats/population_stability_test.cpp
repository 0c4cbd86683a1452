// SPDX-License-Identifier: Apache-2.0
#include "tessera/stats/population_stability.hpp"

#include "tessera/core/error.hpp"

#include <cmath>
#include <vector>

#include <gtest/gtest.h>

namespace tessera {
namespace {

using Counts = std::vector<std::uint64_t>;

TEST(PopulationStability, of_equal_distributions_is_zero) {
  EXPECT_EQ(population_stability(Counts{10, 20, 30}, Counts{10, 20, 30}), 0.0);
  EXPECT_EQ(population_stability(Counts{}, Counts{}), 0.0);
}

TEST(PopulationStability, follows_its_definition) {
  double const p = 30.5 / 101, q = 60.5 / 101;
  double const expected = (q - p) * std::log(q / p) + ((1 - q) - (1 - p)) * std::log((1 - q) / (1 - p));
  EXPECT_NEAR(population_stability(Counts{30, 70}, Counts{60, 40}), expected, 1e-15);
}

TEST(PopulationStability, is_symmetric_and_finite_for_empty_bins) {
  Counts const before{0, 1000, 5}, now{700, 0, 300};
  EXPECT_TRUE(std::isfinite(population_stability(before, now)));
  EXPECT_GT(population_stability(before, now), kLargeDrift);
  EXPECT_DOUBLE_EQ(population_stability(before, now), population_stability(now, before));
}

TEST(PopulationStability, grows_with_the_shift) {
  double last = 0;
  for (std::uint64_t moved = 10; moved <= 400; moved += 10) {
    double const index = population_stability(Counts{500, 500}, Counts{500 - moved, 500 + moved});
    EXPECT_GT(index, last);
    last = index;
  }
}

TEST(PopulationStability, needs_the_same_bins) {
  EXPECT_THROW(static_cast<void>(population_stability(Counts{1}, Counts{1, 2})), BugError);
}

}  // namespace
}  // namespace tessera
