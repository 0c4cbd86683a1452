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
template <class T>
std::vector<T> values(std::size_t count, std::uint64_t seed, Content content) {
  Draw const draw(seed, Purpose::generate);
  std::vector<T> out(count);
  for (std::size_t i = 0; i < count; ++i) {
    auto const u = static_cast<T>(2 * draw.uniform(i) - 1);
    switch (content) {
      case Content::uniform:
        out[i] = u;
        break;
      case Content::duplicates:
        out[i] = std::round(u);
        break;
      case Content::denormal:
        out[i] = u * std::numeric_limits<T>::denorm_min() * 1000;
        break;
      case Content::huge:
        out[i] = u * std::sqrt(std::numeric_limits<T>::max()) / 1000;
        break;
      case Content::not_finite:
        out[i] = i % 7 == 3   ? std::numeric_limits<T>::quiet_NaN()
                 : i % 5 == 2 ? std::copysign(std::numeric_limits<T>::infinity(), u)
                              : u;
        break;
    }
  }
  return out;
}

/// The same values as bits, so that NaNs and zeros are told apart.
template <class T>
std::vector<std::uint64_t> bits(std::vector<T> const& values) {
  std::vector<std::uint64_t> out;
  for (T const value : values) out.push_back(std::bit_cast<std::uint64_t>(static_cast<double>(value)));
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

template <class T>
void compare_with_reference(std::size_t n, std::size_t d, std::size_t k, Content content,
                            std::size_t misalign) {
  SCOPED_TRACE("n " + std::to_string(n) + ", d " + std::to_string(d) + ", k " + std::to_string(k) +
               ", content " + std::to_string(static_cast<int>(content)) + ", misaligned by " +
               std::to_string(misalign));
  auto const memory = values<T>(misalign + n * d, 1, content);
  auto const rows = std::span(memory).subspan(misalign);
  Centroids<T> const centroids(values<T>(k * d, 2, content), d);

  std::vector<std::int32_t> one(n, 99), first(n, 99), second(n, 99), expected(n, 98), expected_second(n, 98);
  nearest(rows, centroids, one);
  reference::nearest(rows, centroids, expected);
  EXPECT_EQ(one, expected);

  nearest_two(rows, centroids, first, second);
  reference::nearest_two(rows, centroids, expected, expected_second);
  EXPECT_EQ(first, expected);
  EXPECT_EQ(second, expected_second);

  std::vector<std::uint32_t> every_other;
  for (std::uint32_t i = 0; i < n; i += 2) every_other.push_back(i);
  std::vector<std::int32_t> listed(every_other.size(), 99), bounded(every_other.size(), 99);
  std::vector<float> reach(every_other.size()), radius(every_other.size());
  NearestScan<T> const scans[] = {{&centroids, listed.data()},
                                  {&centroids, bounded.data(), reach.data(), radius.data()}};
  scan_nearest<T>(rows.data(), every_other.data(), every_other.size(), scans);
  for (std::size_t i = 0; i < every_other.size(); ++i) {
    EXPECT_EQ(listed[i], expected[2 * i]);
    EXPECT_EQ(bounded[i], expected[2 * i]);
  }

  for (T const start : {std::numeric_limits<T>::infinity(), T{0.5}, T{0}}) {
    std::vector<T> distance(n, start), expected_distance(n, start), unindexed(n, start), halves(n, start);
    std::vector<std::int32_t> index(n, -1), expected_index(n, -1), half_index(n, -1);
    lower_squared_distances(rows, centroids, distance, index, 1000);
    reference::lower_squared_distances(rows, centroids, expected_distance, expected_index, 1000);
    lower_squared_distances(rows, centroids, unindexed, {}, 1000);
    EXPECT_EQ(bits(distance), bits(expected_distance));
    EXPECT_EQ(bits(unindexed), bits(expected_distance));
    EXPECT_EQ(index, expected_index);
    lower_squared_distances(rows, every_other, centroids, halves, half_index, 1000);
    for (std::size_t i = 0; i < n; ++i) {
      EXPECT_EQ(half_index[i], i % 2 == 0 ? expected_index[i] : -1);
      if (i % 2 == 1) {
        EXPECT_EQ(halves[i], start);
      }
    }
  }
}

TEST_P(Nearest, equals_the_reference_bit_for_bit_at_awkward_sizes) {
  for (std::size_t const n : {0U, 1U, 15U, 16U, 63U, 64U, 65U, 200U}) {
    for (std::size_t const d : {1U, 2U, 3U, 4U, 5U, 7U, 8U, 20U, 33U}) {
      for (std::size_t const k : {1U, 2U, 3U, 4U, 5U, 8U, 19U}) {
        compare_with_reference<float>(n, d, k, Content::uniform, (n + d + k) % 4);
        compare_with_reference<double>(n, d, k, Content::uniform, (n + d + k) % 4);
      }
    }
  }
}

TEST_P(Nearest, equals_the_reference_bit_for_bit_on_awkward_values) {
  for (auto const content : {Content::duplicates, Content::denormal, Content::huge, Content::not_finite}) {
    for (std::size_t const d : {1U, 3U, 6U, 17U}) {
      compare_with_reference<float>(131, d, 11, content, 1);
      compare_with_reference<double>(131, d, 11, content, 1);
    }
  }
}

/// Rows around k centres `spread` wide, so that gaps of all sizes occur.
template <class T>
std::vector<T> around(std::vector<T> const& centres, std::size_t n, std::size_t d, double spread) {
  Draw const draw(9, Purpose::generate);
  std::vector<T> out(n * d);
  for (std::size_t i = 0; i < out.size(); ++i) {
    auto const centre = i / d * 7 % (centres.size() / d);
    out[i] = centres[centre * d + i % d] + static_cast<T>(spread * (2 * draw.uniform(i) - 1));
  }
  return out;
}

/// Moves centroids at random by steps of about `step`, and looks whether rows within their reach kept their
/// label.
template <class T>
std::size_t check_reaches(std::size_t d, std::size_t k, double spread, double step) {
  std::size_t const n = 300;
  auto const centres = values<T>(k * d, 3, Content::uniform);
  auto const rows = around(centres, n, d, spread);
  Centroids<T> const before(centres, d);
  std::vector<std::int32_t> label(n), after(n);
  std::vector<float> reach(n), radius(n);
  NearestScan<T> const scan{&before, label.data(), reach.data(), radius.data()};
  scan_nearest<T>(rows.data(), nullptr, n, {&scan, 1});

  Draw const draw(11, Purpose::generate);
  auto moved = centres;
  std::vector<double> way(k);
  for (std::size_t j = 0; j < k; ++j) {
    double squares = 0;
    for (std::size_t f = 0; f < d; ++f) {
      T const to =
          centres[j * d + f] + static_cast<T>(step * draw.uniform(j) * (2 * draw.uniform(j * d + f, 1) - 1));
      squares += std::pow(static_cast<double>(to) - static_cast<double>(centres[j * d + f]), 2);
      moved[j * d + f] = to;
    }
    way[j] = std::sqrt(squares) * (1 + 1e-12);
  }
  reference::nearest<T>(rows, Centroids<T>(moved, d), after);
  std::size_t kept = 0;
  for (std::size_t i = 0; i < n; ++i) {
    double others = 0, distance = 0;
    auto const own = static_cast<std::size_t>(label[i]);
    for (std::size_t j = 0; j < k; ++j) others = j == own ? others : std::max(others, way[j]);
    for (std::size_t f = 0; f < d; ++f) {
      distance +=
          std::pow(static_cast<double>(rows[i * d + f]) - static_cast<double>(centres[own * d + f]), 2);
    }
    EXPECT_GE(static_cast<double>(radius[i]), std::sqrt(distance) * (1 - 1e-12));
    if (way[own] + others >= static_cast<double>(reach[i])) continue;
    ++kept;
    EXPECT_EQ(after[i], label[i]) << "row " << i << ", reach " << reach[i];
  }
  return kept;
}

TEST_P(Nearest, keeps_the_label_of_a_row_while_centroids_move_within_its_reach) {
  std::size_t kept = 0;
  for (std::size_t const d : {1U, 2U, 3U, 8U, 21U}) {
    for (std::size_t const k : {2U, 5U, 17U}) {
      for (double const spread : {1e-6, 1e-3, 0.1, 1.0}) {
        for (double const step : {0.0, 1e-7, 1e-4, 1e-2, 0.3}) {
          kept += check_reaches<float>(d, k, spread, step);
          kept += check_reaches<double>(d, k, spread, step);
        }
      }
    }
  }
  // or else the test shows nothing; without fused multiply-add there are no reaches
  if (GetParam().starts_with("AVX")) {
    EXPECT_GT(kept, 50'000U);
  }
}

TEST_P(Nearest, leaves_what_follows_the_last_row_alone) {
  Centroids<float> const centroids(values<float>(5 * 6, 2, Content::uniform), 6);
  auto const rows = values<float>(70 * 6, 1, Content::uniform);
  std::vector<std::int32_t> out(80, -7);
  nearest(std::span(rows).first(67 * 6), centroids, std::span(out).first(67));
  for (std::size_t i = 67; i < out.size(); ++i) EXPECT_EQ(out[i], -7);
}

TEST_P(Nearest, breaks_ties_towards_the_lowest_index) {
  Centroids<float> const centroids({1, 0, -1, 0, 1, 0, -1, 0, 1, 0}, 2);
  std::vector<float> const rows{2, 1, -2, 1, 0, 5};
  std::vector<std::int32_t> first(3), second(3);
  nearest_two(rows, centroids, first, second);
  EXPECT_EQ(first, (std::vector<std::int32_t>{0, 1, 0}));
  EXPECT_EQ(second, (std::vector<std::int32_t>{2, 3, 1}));
}

TEST_P(Nearest, finds_copies_at_distance_zero_exactly) {
  auto const rows = values<float>(100 * 13, 3, Content::uniform);
  Centroids<float> const centroids(rows, 13);
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
  auto const rows = values<float>(500 * d, 5, Content::uniform);
  Centroids<float> const centroids(values<float>(12 * d, 6, Content::uniform), d);
  std::vector<std::int32_t> index(500);
  reference::nearest<float>(rows, centroids, index);
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
