// SPDX-License-Identifier: Apache-2.0
#include "tessera/cluster/kmeans.hpp"

#include <string>
#include <vector>

#include "cluster/common.hpp"
#include "cluster/planted.hpp"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tessera {
namespace {

using test::alone;
using test::make_matrix;
using test::Planted;
using test::slice;

TEST(KMeansCourse, stops_at_the_iteration_limit_and_says_that_it_did_not_converge) {
  KMeansOptions options;
  options.k = {8};
  options.init = KMeansInit::random;
  options.max_iterations = 2;
  auto const result = kmeans(alone(), slice(alone(), Planted{.rows = 2'000}), options);
  EXPECT_EQ(result.models[0].history.size(), 2U);
  EXPECT_FALSE(result.models[0].converged);
}

TEST(KMeansCourse, stops_at_the_tolerance) {
  Planted const planted{.rows = 4'000, .columns = 4, .groups = 6, .apart = 2};
  KMeansOptions options;
  options.k = {6};
  options.init = KMeansInit::random;
  auto const full = kmeans(alone(), slice(alone(), planted), options);
  options.tolerance = 1e-2;
  auto const early = kmeans(alone(), slice(alone(), planted), options);
  EXPECT_TRUE(early.models[0].converged);
  EXPECT_LE(early.models[0].history.back().shift, 1e-2);
  EXPECT_GT(early.models[0].history[early.models[0].history.size() - 2].shift, 1e-2);
  EXPECT_LT(early.models[0].history.size(), full.models[0].history.size());
}

TEST(KMeansCourse, refills_an_empty_segment_with_the_farthest_customer) {
  KMeansOptions options;
  options.k = {3};
  options.init = KMeansInit::given;
  options.initial_centroids = {0.4, 100, 200};  // nobody is near the last two
  auto const result = kmeans(alone(), make_matrix(1, {0, 1, 2, 10, 11, 30}), options);
  auto const& model = result.models[0];
  EXPECT_EQ(model.history[0].refilled, 2U);
  EXPECT_THAT(model.centroids, testing::Pointwise(testing::DoubleNear(1e-5), {1.0, 30.0, 10.5}));
  EXPECT_EQ(model.size, (std::vector<std::int64_t>{3, 1, 2}));
}

TEST(KMeansCourse, reports_every_iteration) {
  struct Recorder : Progress {
    void update(double done, double total, std::string_view detail) override {
      EXPECT_EQ(done, static_cast<double>(++calls));
      EXPECT_EQ(total, 300);
      EXPECT_THAT(std::string(detail), testing::HasSubstr("k = 4, restart 1 of 1"));
    }
    std::size_t calls = 0;
  } recorder;
  KMeansOptions options;
  options.k = {4};
  auto const result = kmeans(alone(), slice(alone(), Planted{.rows = 1'000}), options, recorder);
  EXPECT_EQ(recorder.calls, result.models[0].history.size());
}

}  // namespace
}  // namespace tessera
