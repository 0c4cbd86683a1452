// SPDX-License-Identifier: Apache-2.0
#include "tessera/cluster/kmeans.hpp"
#include "tessera/kernel/simd.hpp"

#include <vector>

#include "cluster/common.hpp"
#include "cluster/planted.hpp"
#include <gtest/gtest.h>

namespace tessera {
namespace {

using test::alone;
using test::expect_same_partition;
using test::kSeedings;
using test::Planted;
using test::slice;

TEST(KMeansValues, ignores_columns_that_are_constant) {
  Planted const planted{.rows = 1'000, .columns = 3, .groups = 3, .apart = 5};
  auto const widened = [&](std::uint64_t row, std::size_t column) {
    return column % 2 == 1 ? 0.1F : planted.value(row, column / 2);
  };
  KMeansOptions options;
  options.k = {3};
  auto const plain = kmeans(alone(), slice(alone(), planted), options);
  auto const wide = kmeans(alone(), slice(alone(), planted.rows, 6, widened), options);
  EXPECT_EQ(wide.segment, plain.segment);
  EXPECT_EQ(wide.distance, plain.distance);
  EXPECT_EQ(wide.models[0].centroids[1], static_cast<double>(0.1F));
}

TEST(KMeansValues, works_far_from_the_origin) {
  Planted const planted{.rows = 2'000, .columns = 3, .groups = 4, .apart = 200, .offset = 1e8};
  std::vector<std::int32_t> truth;
  for (std::uint64_t row = 0; row < planted.rows; ++row) {
    truth.push_back(static_cast<std::int32_t>(planted.group(row)));
  }
  KMeansOptions options;
  options.k = {4};
  options.restarts = 5;
  expect_same_partition(kmeans(alone(), slice(alone(), planted), options).segment, truth);
}

TEST(KMeansValues, works_alike_in_any_unit_of_measurement) {
  Planted const planted{.rows = 2'000, .columns = 3, .groups = 4, .apart = 4};
  KMeansOptions options;
  options.k = {4};
  auto const plain = kmeans(alone(), slice(alone(), planted), options);
  for (float const unit : {0x1p-100F, 0x1p100F}) {
    auto const scaled = kmeans(
        alone(),
        slice(alone(), planted.rows, planted.columns,
              [&](std::uint64_t row, std::size_t column) { return planted.value(row, column) * unit; }),
        options);
    EXPECT_EQ(scaled.segment, plain.segment);
    double const square = static_cast<double>(unit) * static_cast<double>(unit);
    EXPECT_EQ(scaled.models[0].inertia, plain.models[0].inertia * square);
    EXPECT_EQ(scaled.models[0].quality.simplified_silhouette, plain.models[0].quality.simplified_silhouette);
  }
}

TEST(KMeansValues, gives_the_same_bits_at_every_simd_level) {
  Planted const planted{.rows = 3'000, .columns = 7, .groups = 12, .apart = 2};
  for (auto const init : kSeedings) {
    KMeansOptions options;
    options.k = {10};
    options.init = init;
    use_simd_level("scalar");
    auto const scalar = kmeans(alone(), slice(alone(), planted), options);
    for (auto const& level : simd_levels()) {
      use_simd_level(level);
      auto const result = kmeans(alone(), slice(alone(), planted), options);
      EXPECT_EQ(result.models[0].centroids, scalar.models[0].centroids) << level;
      EXPECT_EQ(result.segment, scalar.segment) << level;
      EXPECT_EQ(result.distance, scalar.distance) << level;
      EXPECT_EQ(result.margin, scalar.margin) << level;
    }
    use_simd_level(simd_levels().front());
  }
}

}  // namespace
}  // namespace tessera
