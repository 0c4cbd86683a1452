// SPDX-License-Identifier: Apache-2.0
#include "tessera/core/fixed_point.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include <gtest/gtest.h>

namespace tessera {
namespace {

TEST(FixedPoint, cannot_overflow_for_the_count_and_magnitude_it_was_made_for) {
  for (double const magnitude :
       {0.0, 5e-324, 1e-310, 1e-3, 0.999, 1.0, 1.5, 1e6, 1e300, std::numeric_limits<double>::max()}) {
    for (int bits = 0; bits <= 60; ++bits) {
      std::uint64_t const count = std::uint64_t{1} << bits;
      auto const grid = FixedPoint::for_sum(magnitude, count);
      double const limit = 0x1p62 / static_cast<double>(count);
      ASSERT_LE(std::abs(magnitude * grid.scale()), limit) << magnitude << " x 2^" << bits;
      auto const largest = static_cast<__int128>(grid.encode(magnitude));
      ASSERT_LE(largest * static_cast<__int128>(count), __int128{1} << 62) << magnitude << " x 2^" << bits;
    }
  }
}

TEST(FixedPoint, uses_the_finest_grid_within_a_factor_of_four) {
  for (double const magnitude : {1e-3, 1.0, 1.5, 7e9}) {
    for (std::uint64_t const count : {1U, 3U, 1000U, 1U << 30}) {
      auto const grid = FixedPoint::for_sum(magnitude, count);
      EXPECT_GE(static_cast<double>(count) * magnitude * grid.scale(), 0x1p60);
    }
  }
}

TEST(FixedPoint, rounds_to_the_nearest_grid_point_with_ties_to_even) {
  auto const grid = FixedPoint::for_sum(0x1p60, 1);  // 62 - 1 - 61 bits: a grid of ones
  ASSERT_EQ(grid.scale(), 1.0);
  EXPECT_EQ(grid.encode(0.5), 0);
  EXPECT_EQ(grid.encode(1.5), 2);
  EXPECT_EQ(grid.encode(2.5), 2);
  EXPECT_EQ(grid.encode(-0.5), 0);
  EXPECT_EQ(grid.encode(-1.5), -2);
  EXPECT_EQ(grid.encode(2.500001), 3);
}

TEST(FixedPoint, gives_single_precision_values_back_unchanged) {
  std::mt19937 random(3);
  std::uniform_real_distribution<float> uniform(-8.0F, 8.0F);
  auto const grid = FixedPoint::for_sum(8.0, 1 << 20);
  for (int i = 0; i < 1000; ++i) {
    // 24 bits of mantissa below 8, and the grid is 2^-37 or finer
    float const value = std::round(uniform(random) * 0x1p20F) * 0x1p-20F;
    EXPECT_EQ(grid.decode(grid.encode(static_cast<double>(value))), static_cast<double>(value));
  }
}

TEST(FixedPoint, sums_do_not_depend_on_order_and_undo_exactly) {
  std::mt19937_64 random(4);
  std::uniform_real_distribution<double> uniform(-3.0, 3.0);
  std::vector<double> values(1000);
  for (auto& value : values) value = uniform(random);
  auto const grid = FixedPoint::for_sum(3.0, values.size());
  std::int64_t forward = 0, backward = 0;
  for (auto const value : values) forward += grid.encode(value);
  std::reverse(values.begin(), values.end());
  for (auto const value : values) backward += grid.encode(value);
  EXPECT_EQ(forward, backward);
  for (auto const value : values) forward -= grid.encode(value);
  EXPECT_EQ(forward, 0);
}

TEST(FixedPoint, is_within_half_a_step_for_each_value) {
  std::mt19937_64 random(5);
  std::uniform_real_distribution<double> uniform(-1.0, 1.0);
  auto const grid = FixedPoint::for_sum(1.0, 1 << 30);
  for (int i = 0; i < 1000; ++i) {
    double const value = uniform(random);
    EXPECT_LE(std::abs(grid.decode(grid.encode(value)) - value), 0.5 / grid.scale());
  }
}

}  // namespace
}  // namespace tessera
