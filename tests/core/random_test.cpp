// SPDX-License-Identifier: Apache-2.0
#include "tessera/core/random.hpp"

#include <array>
#include <bit>
#include <cmath>
#include <set>
#include <vector>

#include <gtest/gtest.h>

namespace tessera {
namespace {

TEST(Draw, gives_the_published_philox_vectors) {
  // kat_vectors of Random123 for philox4x32-10: (row, purpose, round) is the counter, the seed is the key.
  constexpr auto kOnes = ~std::uint64_t{0};
  EXPECT_EQ(Draw(0, Purpose{0}).bits(0, 0), 0xe169c58d6627e8d5U);
  EXPECT_EQ(Draw(kOnes, Purpose{0xffffffff}).bits(kOnes, 0xffffffff), 0x41c83b0e408f276dU);
  EXPECT_EQ(Draw(0x299f31d0a4093822, Purpose{0x13198a2e}).bits(0x85a308d3243f6a88, 0x03707344),
            0x94fdccebd16cfe09U);
}

TEST(Draw, is_a_function_of_seed_purpose_row_and_round) {
  std::set<std::uint64_t> seen;
  std::size_t drawn = 0;
  for (std::uint64_t seed : {0U, 1U, 42U}) {
    for (auto const purpose : {Purpose::random_centroids, Purpose::kmeans_parallel, Purpose::sample}) {
      Draw const draw(seed, purpose);
      for (std::uint64_t row :
           {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{1} << 32, ~std::uint64_t{0}}) {
        for (std::uint32_t round : {0U, 1U, 7U}) {
          EXPECT_EQ(draw.bits(row, round), Draw(seed, purpose).bits(row, round));
          seen.insert(draw.bits(row, round));
          ++drawn;
        }
      }
    }
  }
  EXPECT_EQ(seen.size(), drawn);
}

TEST(Draw, is_uniform_in_every_bit_and_between_neighbours) {
  constexpr int kDraws = 1 << 16;
  Draw const draw(7, Purpose::sample);
  std::array<int, 64> ones{};
  std::array<int, 256> pairs{};
  double sum = 0, squares = 0;
  for (std::uint64_t row = 0; row < kDraws; ++row) {
    auto const bits = draw.bits(row);
    for (std::size_t b = 0; b < 64; ++b) ones[b] += static_cast<int>((bits >> b) & 1);
    ++pairs[((bits >> 60) << 4) | (draw.bits(row + 1) >> 60)];
    double const value = draw.uniform(row);
    ASSERT_GE(value, 0.0);
    ASSERT_LT(value, 1.0);
    sum += value;
    squares += value * value;
  }
  // five standard deviations
  for (auto const count : ones) EXPECT_NEAR(count, kDraws / 2, 5 * std::sqrt(kDraws / 4.0));
  double chi2 = 0;
  for (auto const count : pairs) chi2 += std::pow(count - kDraws / 256.0, 2) / (kDraws / 256.0);
  EXPECT_NEAR(chi2, 255, 5 * std::sqrt(2 * 255.0));
  EXPECT_NEAR(sum / kDraws, 0.5, 5 * std::sqrt(1.0 / 12 / kDraws));
  EXPECT_NEAR(squares / kDraws, 1.0 / 3, 5 * std::sqrt(4.0 / 45 / kDraws));
}

TEST(Draw, below_a_bound_reaches_every_value_about_equally_often) {
  Draw const draw(9, Purpose::kmeans_plus_plus);
  for (std::uint64_t const bound : {1U, 2U, 3U, 10U, 1000U}) {
    std::vector<int> seen(bound, 0);
    std::uint64_t const draws = bound * 200;
    for (std::uint64_t row = 0; row < draws; ++row) {
      auto const value = draw.below(bound, row);
      ASSERT_LT(value, bound);
      ++seen[value];
    }
    for (auto const count : seen) EXPECT_NEAR(count, 200, 6 * std::sqrt(200.0));
  }
  EXPECT_LT(draw.below(~std::uint64_t{0}, 3), ~std::uint64_t{0});
}

TEST(Draw, half_the_bits_change_with_any_argument) {
  for (std::uint64_t row = 0; row < 50; ++row) {
    auto const base = Draw(1, Purpose::sample).bits(row);
    for (auto const other : {Draw(2, Purpose::sample).bits(row), Draw(1, Purpose::generate).bits(row),
                             Draw(1, Purpose::sample).bits(row + 1), Draw(1, Purpose::sample).bits(row, 1)}) {
      auto const changed = std::popcount(base ^ other);
      EXPECT_GT(changed, 8);
      EXPECT_LT(changed, 56);
    }
  }
}

}  // namespace
}  // namespace tessera
