// SPDX-License-Identifier: Apache-2.0
#include "tessera/cluster/quality.hpp"

#include "tessera/cluster/kmeans.hpp"

#include <algorithm>
#include <cmath>

#include "cluster/planted.hpp"
#include "cluster/text_matrix.hpp"
#include <gtest/gtest.h>

namespace tessera {
namespace {

double distance(std::span<double const> a, std::span<double const> b) {
  double sum = 0;
  for (std::size_t f = 0; f < a.size(); ++f) sum += (a[f] - b[f]) * (a[f] - b[f]);
  return std::sqrt(sum);
}

/// The indices as their papers write them, from the customers, their segments and the centroids.
ClusterQuality by_definition(Matrix<float> const& matrix, KMeansModel const& model,
                             std::vector<std::int32_t> const& segment) {
  std::size_t const d = matrix.columns, k = model.k;
  auto const n = static_cast<double>(matrix.rows());
  auto const centroid = [&](std::size_t j) { return std::span(model.centroids).subspan(j * d, d); };
  std::vector<double> scatter(k), mean(d);
  double silhouette = 0, within = 0, between = 0;
  for (std::size_t i = 0; i < matrix.rows(); ++i) {
    auto const row = matrix.row({i});
    std::vector<double> const x(row.begin(), row.end());
    auto const own = static_cast<std::size_t>(segment[i]);
    double next = INFINITY;
    for (std::size_t j = 0; j < k; ++j) {
      if (j != own) next = std::min(next, distance(x, centroid(j)));
    }
    double const a = distance(x, centroid(own));
    silhouette += (next - a) / std::max(a, next) / n;
    scatter[own] += a / static_cast<double>(model.size[own]);
    within += a * a;
    for (std::size_t f = 0; f < d; ++f) mean[f] += x[f] / n;
  }
  double davies_bouldin = 0;
  for (std::size_t i = 0; i < k; ++i) {
    between += static_cast<double>(model.size[i]) * std::pow(distance(centroid(i), mean), 2);
    double worst = 0;
    for (std::size_t j = 0; j < k; ++j) {
      if (j != i) worst = std::max(worst, (scatter[i] + scatter[j]) / distance(centroid(i), centroid(j)));
    }
    davies_bouldin += worst / static_cast<double>(k);
  }
  auto const groups = static_cast<double>(k);
  return {silhouette, (between / (groups - 1)) / (within / (n - groups)), davies_bouldin};
}

void expect_indices_as_defined(Matrix<float> const& matrix, std::uint64_t k) {
  KMeansOptions options;
  options.k = {k};
  auto const result = kmeans(Communicator::self(), matrix, options);
  auto const expected = by_definition(matrix, result.models[0], result.segment);
  auto const& quality = result.models[0].quality;
  EXPECT_NEAR(quality.simplified_silhouette, expected.simplified_silhouette, 1e-6);
  EXPECT_NEAR(quality.calinski_harabasz, expected.calinski_harabasz, 1e-6 * expected.calinski_harabasz);
  EXPECT_NEAR(quality.davies_bouldin, expected.davies_bouldin, 1e-6);
}

TEST(ClusterQuality, follows_the_definitions_of_its_indices) {
  for (std::uint64_t const k : {2U, 3U, 8U}) {
    expect_indices_as_defined(test::read_text_matrix("iris.txt"), k);
    expect_indices_as_defined(
        test::slice(Communicator::self(),
                    test::Planted{.rows = 2'000, .columns = 5, .groups = 6, .apart = 5, .offset = 30}),
        k);
  }
}

TEST(ClusterQuality, is_perfect_for_points_that_coincide) {
  Matrix<float> const pairs{regular_blocks(6, 0, 1), 1, {0, 0, 1, 1, 5, 5}};
  KMeansOptions options;
  options.k = {3};
  auto const quality = kmeans(Communicator::self(), pairs, options).models[0].quality;
  EXPECT_EQ(quality.simplified_silhouette, 1);
  EXPECT_EQ(quality.davies_bouldin, 0);
  EXPECT_TRUE(std::isinf(quality.calinski_harabasz));
}

}  // namespace
}  // namespace tessera
