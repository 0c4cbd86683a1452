// SPDX-License-Identifier: Apache-2.0
#include "tessera/cluster/kmeans.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "cluster/common.hpp"
#include "cluster/planted.hpp"
#include "cluster/text_matrix.hpp"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tessera {
namespace {

using test::alone;
using test::expect_same_partition;
using test::kSeedings;
using test::make_matrix;
using test::Planted;
using test::slice;

double squared_distance_to(KMeansModel const& model, std::size_t j, std::span<float const> row) {
  double sum = 0;
  for (std::size_t f = 0; f < row.size(); ++f) {
    sum += std::pow(static_cast<double>(row[f]) - model.centroids[j * row.size() + f], 2);
  }
  return sum;
}

TEST(KMeans, finds_the_best_known_clusters_of_iris) {
  for (auto const init : kSeedings) {
    KMeansOptions options;
    options.k = {3};
    options.init = init;
    options.restarts = 10;
    auto const result = kmeans(alone(), test::read_text_matrix("iris.txt"), options);
    EXPECT_NEAR(result.models[0].inertia, 78.8514, 1e-4);
    EXPECT_TRUE(result.models[0].converged);
  }
}

TEST(KMeans, comes_within_one_percent_of_the_optimum_of_glass) {
  for (auto const init : {KMeansInit::kmeans_parallel, KMeansInit::kmeans_plus_plus}) {
    KMeansOptions options;
    options.k = {6};
    options.init = init;
    options.restarts = 100;
    auto const result = kmeans(alone(), test::read_text_matrix("glass.txt"), options);
    EXPECT_GE(result.models[0].inertia, 72.9646);
    EXPECT_LE(result.models[0].inertia, 72.9647 * 1.01);
  }
}

TEST(KMeans, finds_separated_groups_whatever_the_init) {
  Planted const planted{.rows = 4'000, .columns = 3, .groups = 6, .apart = 40};
  std::vector<std::int32_t> truth;
  for (std::uint64_t row = 0; row < planted.rows; ++row) {
    truth.push_back(static_cast<std::int32_t>(planted.group(row)));
  }
  for (auto const init : kSeedings) {
    KMeansOptions options;
    options.k = {planted.groups};
    options.init = init;
    options.restarts = 20;
    expect_same_partition(kmeans(alone(), slice(alone(), planted), options).segment, truth);
  }
}

TEST(KMeans, keeps_its_invariants) {
  Planted const overlapping{.rows = 3'000, .columns = 6, .groups = 12, .apart = 2, .offset = 50};
  auto const matrix = slice(alone(), overlapping);
  for (auto const init : kSeedings) {
    KMeansOptions options;
    options.k = {9};
    options.init = init;
    auto const result = kmeans(alone(), matrix, options);
    auto const& model = result.models[0];

    EXPECT_EQ(std::accumulate(model.size.begin(), model.size.end(), std::int64_t{0}), 3'000);
    for (std::size_t i = 1; i < model.history.size(); ++i) {
      EXPECT_LE(model.history[i].inertia, model.history[i - 1].inertia * (1 + 1e-12));
    }
    EXPECT_EQ(model.history.front().moved, 3'000U);
    EXPECT_EQ(model.history.back().moved, 0U);
    EXPECT_EQ(model.history.back().shift, 0);
    EXPECT_NEAR(model.history.back().inertia, model.inertia, 1e-9 * model.inertia);

    std::vector<double> sum(model.centroids.size());
    std::vector<std::int64_t> size(model.k);
    double inertia = 0;
    for (std::size_t i = 0; i < matrix.rows(); ++i) {
      auto const row = matrix.row({i});
      auto const own = static_cast<std::size_t>(result.segment[i]);
      ++size[own];
      for (std::size_t f = 0; f < row.size(); ++f) sum[own * row.size() + f] += static_cast<double>(row[f]);
      std::vector<double> distances;
      for (std::size_t j = 0; j < model.k; ++j)
        distances.push_back(std::sqrt(squared_distance_to(model, j, row)));
      inertia += distances[own] * distances[own];
      EXPECT_NEAR(static_cast<double>(result.distance[i]), distances[own], 1e-4);
      std::ranges::sort(distances);
      EXPECT_NEAR(static_cast<double>(result.distance[i]), distances[0], 1e-4) << "not the nearest centroid";
      EXPECT_NEAR(static_cast<double>(result.margin[i]), distances[1] - distances[0], 1e-4);
    }
    EXPECT_EQ(size, model.size);
    EXPECT_NEAR(inertia, model.inertia, 1e-6 * inertia);
    for (std::size_t i = 0; i < sum.size(); ++i) {
      EXPECT_NEAR(sum[i] / static_cast<double>(size[i / matrix.columns]), model.centroids[i], 1e-4);
    }
  }
}

TEST(KMeans, finds_the_same_partition_whatever_the_order_of_the_rows) {
  Planted const planted{.rows = 3'000, .columns = 4, .groups = 5, .apart = 30};
  auto const reversed = [&](std::uint64_t row, std::size_t column) {
    return planted.value(planted.rows - 1 - row, column);
  };
  KMeansOptions options;
  options.k = {5};
  options.restarts = 5;
  auto const forwards = kmeans(alone(), slice(alone(), planted), options);
  auto backwards = kmeans(alone(), slice(alone(), planted.rows, planted.columns, reversed), options);
  std::ranges::reverse(backwards.segment);
  expect_same_partition(forwards.segment, backwards.segment);
  EXPECT_NEAR(forwards.models[0].inertia, backwards.models[0].inertia, 1e-9 * forwards.models[0].inertia);
}

TEST(KMeans, doubles_sizes_and_inertia_when_every_row_comes_twice) {
  Planted const planted{.rows = 1'000, .columns = 4, .groups = 5, .apart = 3};
  KMeansOptions options;
  options.k = {5};
  options.init = KMeansInit::given;
  for (std::uint64_t j = 0; j < 5; ++j) {
    for (std::size_t f = 0; f < 4; ++f) options.initial_centroids.push_back(planted.value(j, f));
  }
  auto const once = kmeans(alone(), slice(alone(), planted), options);
  auto const twice =
      kmeans(alone(),
             slice(alone(), 2'000, 4,
                   [&](std::uint64_t row, std::size_t column) { return planted.value(row / 2, column); }),
             options);
  ASSERT_EQ(once.models[0].size.size(), 5U);
  for (std::size_t j = 0; j < 5; ++j) EXPECT_EQ(twice.models[0].size[j], 2 * once.models[0].size[j]);
  EXPECT_NEAR(twice.models[0].inertia, 2 * once.models[0].inertia, 1e-9 * once.models[0].inertia);
}

TEST(KMeans, gives_each_customer_a_segment_when_k_is_their_number) {
  Planted const planted{.rows = 37, .columns = 2};
  for (auto const init : kSeedings) {
    KMeansOptions options;
    options.k = {37};
    options.init = init;
    auto const result = kmeans(alone(), slice(alone(), planted), options);
    EXPECT_THAT(result.models[0].size, testing::Each(1));
    EXPECT_EQ(result.models[0].inertia, 0);
    EXPECT_TRUE(std::isnan(result.models[0].quality.calinski_harabasz));
  }
}

TEST(KMeans, puts_one_segment_at_the_mean) {
  KMeansOptions options;
  options.k = {1};
  auto const result = kmeans(alone(), make_matrix(2, {1, 10, 2, 20, 6, 60}), options);
  EXPECT_THAT(result.models[0].centroids, testing::Pointwise(testing::DoubleNear(1e-5), {3.0, 30.0}));
  EXPECT_NEAR(result.models[0].inertia, 14 * 101, 1e-3);
  EXPECT_EQ(result.selected, 0U);
  EXPECT_TRUE(std::isnan(result.models[0].quality.simplified_silhouette));
  EXPECT_TRUE(std::isnan(result.models[0].quality.davies_bouldin));
  EXPECT_TRUE(std::isnan(result.margin[0]));
}

}  // namespace
}  // namespace tessera
