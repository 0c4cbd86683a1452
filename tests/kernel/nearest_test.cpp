// SPDX-License-Identifier: Apache-2.0
#include "tessera/kernel/nearest.hpp"

#include "tessera/core/random.hpp"
#include "tessera/kernel/simd.hpp"

#include <bit>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace tessera {
namespace {

enum class Content { uniform, duplicates, denormal, huge, not_finite };

/// `count` values that depend on their position only.
std::vector<float> values(std::size_t count, std::uint64_t seed, Content content) {
  Draw const draw(seed, Purpose::generate);
  std::vector<float> out(count);
  for (std::size_t i = 0; i < count; ++i) {
    auto const u = static_cast<float>(2 * draw.uniform(i) - 1);
    switch (content) {
      case Content::uniform:
        out[i] = u;
        break;
      case Content::duplicates:
        out[i] = std::round(u);
        break;
      case Content::denormal:
        out[i] = u * 0x1p-140F;
        break;
      case Content::huge:
        out[i] = u * 0x1p100F;
        break;
      case Content::not_finite:
        out[i] = i % 7 == 3   ? std::numeric_limits<float>::quiet_NaN()
                 : i % 5 == 2 ? std::copysign(std::numeric_limits<float>::infinity(), u)
                              : u;
        break;
    }
  }
  return out;
}

std::vector<std::uint32_t> bits(std::vector<float> const& values) {
  std::vector<std::uint32_t> out;
  for (float const value : values) out.push_back(std::bit_cast<std::uint32_t>(value));
  return out;
}

/// Runs with every SIMD level of the machine, and gives the best one back.
class Nearest : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override { use_simd_level(GetParam()); }
  void TearDown() override { use_simd_level(simd_levels().front()); }
};
INSTANTIATE_TEST_SUITE_P(Levels, Nearest, testing::ValuesIn(simd_levels()),
                         [](auto const& level) { return level.param; });

void compare_with_reference(std::size_t n, std::size_t d, std::size_t k, Content content,
                            std::size_t misalign) {
  SCOPED_TRACE("n " + std::to_string(n) + ", d " + std::to_string(d) + ", k " + std::to_string(k) +
               ", content " + std::to_string(static_cast<int>(content)) + ", misaligned by " +
               std::to_string(misalign));
  auto const memory = values(misalign + n * d, 1, content);
  auto const rows = std::span(memory).subspan(misalign);
  Centroids const centroids(values(k * d, 2, content), d);

  std::vector<std::int32_t> one(n, 99), first(n, 99), second(n, 99), expected(n, 98), expected_second(n, 98);
  nearest(rows, centroids, one);
  reference::nearest(rows, centroids, expected);
  EXPECT_EQ(one, expected);

  nearest_two(rows, centroids, first, second);
  reference::nearest_two(rows, centroids, expected, expected_second);
  EXPECT_EQ(first, expected);
  EXPECT_EQ(second, expected_second);

  for (auto const start : {std::numeric_limits<float>::infinity(), 0.5F, 0.0F}) {
    std::vector<float> distance(n, start), expected_distance(n, start), unindexed(n, start);
    std::vector<std::int32_t> index(n, -1), expected_index(n, -1);
    lower_squared_distances(rows, centroids, distance, index, 1000);
    reference::lower_squared_distances(rows, centroids, expected_distance, expected_index, 1000);
    lower_squared_distances(rows, centroids, unindexed, {}, 1000);
    EXPECT_EQ(bits(distance), bits(expected_distance));
    EXPECT_EQ(bits(unindexed), bits(expected_distance));
    EXPECT_EQ(index, expected_index);
  }
}

TEST_P(Nearest, equals_the_reference_bit_for_bit_at_awkward_sizes) {
  for (std::size_t const n : {0U, 1U, 15U, 16U, 63U, 64U, 65U, 200U}) {
    for (std::size_t const d : {1U, 2U, 3U, 4U, 5U, 7U, 8U, 20U, 33U}) {
      for (std::size_t const k : {1U, 2U, 3U, 4U, 5U, 8U, 19U}) {
        compare_with_reference(n, d, k, Content::uniform, (n + d + k) % 4);
      }
    }
  }
}

TEST_P(Nearest, equals_the_reference_bit_for_bit_on_awkward_values) {
  for (auto const content : {Content::duplicates, Content::denormal, Content::huge, Content::not_finite}) {
    for (std::size_t const d : {1U, 3U, 6U, 17U}) compare_with_reference(131, d, 11, content, 1);
  }
}

TEST_P(Nearest, leaves_what_follows_the_last_row_alone) {
  Centroids const centroids(values(5 * 6, 2, Content::uniform), 6);
  auto const rows = values(70 * 6, 1, Content::uniform);
  std::vector<std::int32_t> out(80, -7);
  nearest(std::span(rows).first(67 * 6), centroids, std::span(out).first(67));
  for (std::size_t i = 67; i < out.size(); ++i) EXPECT_EQ(out[i], -7);
}

TEST_P(Nearest, breaks_ties_towards_the_lowest_index) {
  Centroids const centroids({1, 0, -1, 0, 1, 0, -1, 0, 1, 0}, 2);
  std::vector<float> const rows{2, 1, -2, 1, 0, 5};
  std::vector<std::int32_t> first(3), second(3);
  nearest_two(rows, centroids, first, second);
  EXPECT_EQ(first, (std::vector<std::int32_t>{0, 1, 0}));
  EXPECT_EQ(second, (std::vector<std::int32_t>{2, 3, 1}));
}

TEST_P(Nearest, finds_copies_at_distance_zero_exactly) {
  auto const rows = values(100 * 13, 3, Content::uniform);
  Centroids const centroids(rows, 13);
  std::vector<float> distance(100, std::numeric_limits<float>::infinity());
  std::vector<std::int32_t> index(100);
  lower_squared_distances(rows, centroids, distance, index, 0);
  for (std::size_t i = 0; i < 100; ++i) {
    EXPECT_EQ(distance[i], 0);
    EXPECT_EQ(index[i], static_cast<std::int32_t>(i));
  }
}

TEST(NearestReference, ranks_centroids_as_the_exact_distance_does) {
  std::size_t const d = 9;
  auto const rows = values(500 * d, 5, Content::uniform);
  Centroids const centroids(values(12 * d, 6, Content::uniform), d);
  std::vector<std::int32_t> index(500);
  reference::nearest(rows, centroids, index);
  for (std::size_t i = 0; i < index.size(); ++i) {
    std::vector<double> distance(centroids.size());
    for (std::size_t j = 0; j < centroids.size(); ++j) {
      for (std::size_t f = 0; f < d; ++f)
        distance[j] += std::pow(double{rows[i * d + f]} - centroids.row(j)[f], 2);
    }
    auto const chosen = distance[static_cast<std::size_t>(index[i])];
    for (auto const other : distance) EXPECT_LE(chosen, other + 1e-5);
  }
}

}  // namespace
}  // namespace tessera
