// SPDX-License-Identifier: Apache-2.0
#include "tessera/cluster/kmeans.hpp"

#include "cluster/common.hpp"
#include "cluster/planted.hpp"
#include <gtest/gtest.h>

namespace tessera {
namespace {

using test::alone;
using test::kSeedings;
using test::Planted;
using test::slice;

TEST(KMeansSeeding, starts_elsewhere_with_another_seed) {
  Planted const planted{.rows = 3'000, .columns = 7, .groups = 12, .apart = 2};
  for (auto const init : kSeedings) {
    KMeansOptions options;
    options.k = {10};
    options.init = init;
    auto const first = kmeans(alone(), slice(alone(), planted), options);
    auto const again = kmeans(alone(), slice(alone(), planted), options);
    options.seed = 1;
    auto const other = kmeans(alone(), slice(alone(), planted), options);
    EXPECT_EQ(first.segment, again.segment);
    EXPECT_NE(first.models[0].history[0].inertia, other.models[0].history[0].inertia);
  }
}

TEST(KMeansSeeding, starts_better_with_careful_seeding) {
  Planted const planted{.rows = 20'000, .columns = 10, .groups = 40, .apart = 30};
  auto const first_inertia = [&](KMeansInit init) {
    double sum = 0;
    for (std::uint64_t seed = 0; seed < 5; ++seed) {
      KMeansOptions options;
      options.k = {40};
      options.init = init;
      options.seed = seed;
      options.max_iterations = 1;
      sum += kmeans(alone(), slice(alone(), planted), options).models[0].history[0].inertia;
    }
    return sum;
  };
  double const random = first_inertia(KMeansInit::random);
  double const plus_plus = first_inertia(KMeansInit::kmeans_plus_plus);
  EXPECT_LT(plus_plus, random);
  EXPECT_LT(first_inertia(KMeansInit::kmeans_parallel), plus_plus);
}

}  // namespace
}  // namespace tessera
