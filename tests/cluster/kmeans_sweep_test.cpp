// SPDX-License-Identifier: Apache-2.0
// Models that advance together.
#include "tessera/cluster/kmeans.hpp"

#include <algorithm>
#include <numeric>
#include <vector>

#include "cluster/awkward.hpp"
#include "cluster/common.hpp"
#include "cluster/same_bits.hpp"
#include <gtest/gtest.h>

namespace tessera {
namespace {

using test::alone;
using test::Awkward;
using test::Content;

Awkward const kData{Content::uniform, 2'500, 3};

KMeansOptions sweep(std::uint64_t together) {
  KMeansOptions out;
  out.k = {4, 1, 11, 6};
  out.seed = 8;
  out.together = together;
  return out;
}

KMeansResult run(KMeansOptions const& options, std::vector<float> weight = {}) {
  return kmeans<float>(alone(), test::slice_as<float>(alone(), kData), options, Progress::silent(),
                       std::move(weight));
}

std::vector<std::uint64_t> lengths(KMeansResult const& result) {
  std::vector<std::uint64_t> out;
  for (auto const& model : result.models) out.push_back(model.history.size());
  return out;
}

TEST(KMeansSweep, gives_the_bits_of_separate_runs_however_many_advance_together) {
  for (auto const pruning : {Pruning::automatic, Pruning::always, Pruning::never}) {
    auto options = sweep(0);
    options.pruning = pruning;
    options.restarts = 3;
    auto const all = run(options);
    for (std::uint64_t const together : {1U, 3U, 5U, 12U, 100U}) {
      options.together = together;
      auto const some = run(options);
      test::expect_same_result(all, some);
      EXPECT_EQ(all.work.assignments, some.work.assignments);
    }
    for (std::size_t i = 0; i < all.models.size(); ++i) {
      auto single = options;
      single.k = {options.k[i]};
      auto const one = run(single);
      EXPECT_EQ(test::bits(test::numbers(one.models[0])), test::bits(test::numbers(all.models[i])));
      EXPECT_EQ(test::counts(one.models[0]), test::counts(all.models[i]));
    }
  }
}

TEST(KMeansSweep, sends_one_message_an_iteration_until_the_last_model_has_converged) {
  auto const together = run(sweep(0));
  auto const length = lengths(together);
  ASSERT_GT(std::ranges::max(length), std::ranges::min(length)) << "no model drops out before the others";
  EXPECT_EQ(together.work.messages, std::ranges::max(length));
  auto const total = std::accumulate(length.begin(), length.end(), std::uint64_t{0});
  EXPECT_EQ(together.work.assignments, total);
  EXPECT_EQ(run(sweep(1)).work.messages, total);
  EXPECT_EQ(run(sweep(2)).work.messages, std::max(length[0], length[1]) + std::max(length[2], length[3]));
}

// For each model k * (columns + 1) integers of 8 bytes and the number of customers that moved, k more with
// weights; and for all models how many customers were scanned, and the ranks that would save or stop.
TEST(KMeansSweep, sends_sums_and_sizes_and_a_few_counts) {
  constexpr std::uint64_t kOfAll = 3 * 8;
  auto const of_model = [](std::uint64_t k, std::uint64_t each) { return 8 * (k * each + 1); };
  EXPECT_EQ(run(sweep(0)).work.bytes,
            of_model(4, 4) + of_model(1, 4) + of_model(11, 4) + of_model(6, 4) + kOfAll);
  EXPECT_EQ(run(sweep(1)).work.bytes, of_model(11, 4) + kOfAll);
  EXPECT_EQ(run(sweep(1), std::vector<float>(kData.rows, 2.0F)).work.bytes, of_model(11, 5) + kOfAll);
}

TEST(KMeansSweep, scans_each_model_as_often_as_it_would_alone) {
  auto const together = run(sweep(0)), alone = run(sweep(1));
  EXPECT_DOUBLE_EQ(together.work.scanned, alone.work.scanned);
  auto plain = sweep(0);
  plain.pruning = Pruning::never;
  EXPECT_EQ(run(plain).work.scanned, static_cast<double>(together.work.assignments));
}

TEST(KMeansSweep, ends_each_model_at_its_own_limit) {
  auto options = sweep(0);
  options.max_iterations = 4;
  for (auto const& model : run(options).models) {
    EXPECT_LE(model.history.size(), 4U);
    EXPECT_EQ(model.converged, model.history.back().shift == 0);
  }
  options.max_iterations = 300;
  options.tolerance = 1e-3;
  for (auto const& model : run(options).models) {
    EXPECT_TRUE(model.converged);
    EXPECT_LE(model.history.back().shift, 1e-3);
    for (std::size_t i = 0; i + 1 < model.history.size(); ++i) EXPECT_GT(model.history[i].shift, 1e-3);
  }
}

}  // namespace
}  // namespace tessera
