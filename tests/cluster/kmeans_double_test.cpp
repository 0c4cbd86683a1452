// SPDX-License-Identifier: Apache-2.0
#include "tessera/cluster/kmeans.hpp"

#include <cmath>
#include <limits>
#include <vector>

#include "cluster/awkward.hpp"
#include "cluster/common.hpp"
#include "cluster/planted.hpp"
#include "cluster/same_bits.hpp"
#include <gtest/gtest.h>

namespace tessera {
namespace {

using test::alone;
using test::Awkward;
using test::Content;
using test::Planted;

TEST(KMeansDouble, agrees_with_float_where_groups_are_apart) {
  Planted const planted{.rows = 3'000, .columns = 4, .groups = 5, .apart = 30};
  auto const in_double = test::slice<double>(
      alone(), planted.rows, planted.columns,
      [&](std::uint64_t row, std::size_t column) { return static_cast<double>(planted.value(row, column)); });
  for (auto const distance : {Distance::euclidean, Distance::cosine}) {
    KMeansOptions options;
    options.k = {5};
    options.restarts = 5;
    options.distance = distance;
    auto const a = kmeans<float>(alone(), test::slice(alone(), planted), options);
    auto const b = kmeans<double>(alone(), in_double, options);
    test::expect_same_partition(a.segment, b.segment);
    EXPECT_NEAR(a.models[0].inertia, b.models[0].inertia, 1e-6 * b.models[0].inertia);
  }
}

TEST(KMeansDouble, resolves_what_float_cannot) {
  auto const value = [](std::uint64_t row, std::size_t) {
    return 1 + 1e-10 * static_cast<double>(row % 2) + 1e-12 * static_cast<double>(row % 7);
  };
  KMeansOptions options;
  options.k = {2};
  options.restarts = 3;
  auto const result = kmeans<double>(alone(), test::slice<double>(alone(), 200, 2, value), options);
  for (std::size_t i = 0; i < 200; ++i) EXPECT_EQ(result.segment[i], result.segment[i % 2]);
  EXPECT_NE(result.segment[0], result.segment[1]);
  auto const rounded = test::slice<float>(alone(), 200, 2, [&](std::uint64_t row, std::size_t column) {
    return static_cast<float>(value(row, column));
  });
  test::expect_refusal([&] { (void)kmeans<float>(alone(), rounded, options); }, "only 1 distinct");
}

TEST(KMeansDouble, works_alike_in_any_unit_of_measurement) {
  Awkward const data{Content::clustered, 1'000, 3};
  KMeansOptions options;
  options.k = {5};
  auto const plain = kmeans<double>(alone(), test::slice_as<double>(alone(), data), options);
  for (double const unit : {0x1p-960, 0x1p-200, 0x1p200, 0x1p490}) {
    auto matrix = test::slice_as<double>(alone(), data);
    for (double& value : matrix.values) value *= unit;
    auto const scaled = kmeans<double>(alone(), matrix, options);
    EXPECT_EQ(scaled.segment, plain.segment) << unit;
    EXPECT_EQ(scaled.models[0].inertia, plain.models[0].inertia * unit * unit);
    EXPECT_EQ(scaled.models[0].quality.simplified_silhouette, plain.models[0].quality.simplified_silhouette);
  }
}

TEST(KMeansDouble, survives_numbers_below_the_normal_ones) {
  KMeansOptions options;
  options.k = {2};
  double const smallest = std::numeric_limits<double>::denorm_min();
  auto const result = kmeans<double>(
      alone(), test::make_matrix<double>(1, {0, smallest, 50 * smallest, 51 * smallest}), options);
  test::expect_same_partition(result.segment, {0, 0, 1, 1});
}

TEST(KMeansDouble, refuses_values_whose_squares_overflow) {
  for (double const bad : {1e151, 1e306, -1e308, std::numeric_limits<double>::max()}) {
    for (bool const everywhere : {false, true}) {
      auto const matrix = test::slice<double>(alone(), 3'000, 2, [&](std::uint64_t row, std::size_t column) {
        return everywhere || (row == 2'047 && column == 1) ? bad : static_cast<double>(row);
      });
      test::expect_refusal([&] { (void)kmeans<double>(alone(), matrix, {.k = {2}}); },
                           everywhere ? "column 0 of row 0 (both counted from 0) is beyond"
                                      : "column 1 of row 2047 (both counted from 0) is beyond");
    }
  }
}

TEST(KMeansDouble, refuses_initial_centroids_that_float_cannot_hold) {
  KMeansOptions options;
  options.k = {2};
  options.init = KMeansInit::given;
  options.initial_centroids = {0, 0, 0, 1e300};
  Awkward const data{Content::uniform, 100, 2};
  EXPECT_EQ(
      kmeans<double>(alone(), test::slice_as<double>(alone(), data), options).models[0].history[0].refilled,
      1U);
  test::expect_refusal([&] { (void)kmeans<float>(alone(), test::slice_as<float>(alone(), data), options); },
                       "column 1 of initial centroid 1");
}

}  // namespace
}  // namespace tessera
