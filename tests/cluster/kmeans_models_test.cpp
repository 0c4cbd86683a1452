// SPDX-License-Identifier: Apache-2.0
#include "tessera/cluster/kmeans.hpp"

#include <algorithm>
#include <cmath>

#include "cluster/common.hpp"
#include "cluster/planted.hpp"
#include <gtest/gtest.h>

namespace tessera {
namespace {

using test::alone;
using test::make_matrix;
using test::Planted;
using test::slice;

TEST(KMeansModels, keeps_the_restart_with_the_lowest_inertia) {
  Planted const planted{.rows = 1'500, .columns = 5, .groups = 20, .apart = 4};
  KMeansOptions options;
  options.k = {15};
  options.init = KMeansInit::random;
  options.seed = 11;
  double lowest = INFINITY;
  std::uint64_t winner = 0;
  for (std::uint64_t restart = 0; restart < 6; ++restart) {
    KMeansOptions single = options;
    single.seed += restart * 0x9E3779B97F4A7C15;
    auto const inertia = kmeans(alone(), slice(alone(), planted), single).models[0].inertia;
    if (inertia < lowest) {
      lowest = inertia;
      winner = restart;
    }
  }
  options.restarts = 6;
  auto const result = kmeans(alone(), slice(alone(), planted), options);
  EXPECT_EQ(result.models[0].restart, winner);
  EXPECT_EQ(result.models[0].inertia, lowest);
}

TEST(KMeansModels, chooses_the_number_of_groups_that_are_there) {
  Planted const planted{.rows = 3'000, .columns = 4, .groups = 4, .apart = 12};
  for (auto const index : {SelectionIndex::simplified_silhouette, SelectionIndex::calinski_harabasz,
                           SelectionIndex::davies_bouldin}) {
    KMeansOptions options;
    options.k = {1, 2, 3, 4, 5, 6, 7};
    options.restarts = 5;
    options.select_by = index;
    auto const result = kmeans(alone(), slice(alone(), planted), options);
    EXPECT_EQ(result.models[result.selected].k, 4U) << static_cast<int>(index);
    EXPECT_EQ(*std::ranges::max_element(result.segment), 3);
  }
}

TEST(KMeansModels, chooses_the_lowest_inertia_when_asked) {
  KMeansOptions options;
  options.k = {5, 9, 2};
  options.select_by = SelectionIndex::inertia;
  auto const result = kmeans(alone(), slice(alone(), Planted{.rows = 1'000}), options);
  EXPECT_EQ(result.selected, 1U);
  ASSERT_EQ(result.models.size(), 3U);
  EXPECT_EQ(result.models[2].k, 2U);
}

TEST(KMeansModels, keeps_the_first_of_equal_models) {
  KMeansOptions options;
  options.select_by = SelectionIndex::simplified_silhouette;
  auto const pairs = make_matrix(1, {0, 0, 1, 1, 5, 5});
  options.k = {3, 3};
  EXPECT_EQ(kmeans(alone(), pairs, options).selected, 0U);
}

}  // namespace
}  // namespace tessera
