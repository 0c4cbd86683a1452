// SPDX-License-Identifier: Apache-2.0
// Pruning changes what a run costs and nothing else.
#include "tessera/cluster/kmeans.hpp"
#include "tessera/kernel/simd.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "cluster/awkward.hpp"
#include "cluster/common.hpp"
#include "cluster/same_bits.hpp"
#include "kernel/levels.hpp"
#include <gtest/gtest.h>

namespace tessera {
namespace {

using test::alone;
using test::Awkward;
using test::Content;

template <class T>
KMeansResult run(Awkward const& data, KMeansOptions options, Pruning pruning, std::vector<T> weight = {}) {
  options.pruning = pruning;
  return kmeans<T>(alone(), test::slice_as<T>(alone(), data), options, Progress::silent(), std::move(weight));
}

/// The share of the plain run's distances that pruning computed.
template <class T>
double expect_no_difference(Awkward const& data, KMeansOptions const& options,
                            std::vector<T> const& weight = {}) {
  SCOPED_TRACE("content " + std::to_string(static_cast<int>(data.content)) + ", d " +
               std::to_string(data.columns) + ", k " + std::to_string(options.k.front()) + ", bytes " +
               std::to_string(sizeof(T)));
  auto const plain = run<T>(data, options, Pruning::never, weight);
  auto const pruned = run<T>(data, options, Pruning::always, weight);
  test::expect_same_result(plain, pruned);
  test::expect_same_result(plain, run<T>(data, options, Pruning::automatic, weight));
  EXPECT_EQ(plain.work.scanned, static_cast<double>(plain.work.assignments));
  EXPECT_LE(pruned.work.scanned, plain.work.scanned);
  return pruned.work.scanned / plain.work.scanned;
}

KMeansOptions options_for(std::uint64_t k) {
  KMeansOptions out;
  out.k = {k};
  out.init = KMeansInit::random;
  out.max_iterations = 12;
  out.seed = 3;
  return out;
}

class Pruned : public test::AtLevelWithReaches {};
INSTANTIATE_TEST_SUITE_P(Levels, Pruned, testing::ValuesIn(simd_levels()),
                         [](auto const& level) { return level.param; });

TEST(PrunedAtOtherLevels, changes_no_bit_and_saves_nothing) {
  for (auto const& level : simd_levels()) {
    use_simd_level(level);
    for (auto const content : {Content::uniform, Content::near_ties}) {
      double const share = expect_no_difference<float>({content, 500, 5}, options_for(7));
      expect_no_difference<double>({content, 500, 5}, options_for(7));
      EXPECT_TRUE(share == 1 || test::gives_reaches()) << level;
    }
  }
  use_simd_level(simd_levels().front());
}

// Of 1,500 rows, 23 segments are still few enough for pairs of centroids to be watched, 24 are too many.
TEST_P(Pruned, changes_no_bit_on_awkward_customers) {
  for (auto const content : test::kContents) {
    double share = 0, runs = 0;
    for (auto const& [d, k] : {std::pair{1, 5}, {2, 23}, {3, 24}, {20, 7}, {33, 30}}) {
      Awkward const data{content, 1'500, static_cast<std::size_t>(d)};
      auto const options = options_for(static_cast<std::uint64_t>(k));
      share += expect_no_difference<float>(data, options) + expect_no_difference<double>(data, options);
      runs += 2;
    }
    if (content != Content::vanishing) {
      EXPECT_LT(share / runs, 0.9) << "little was pruned of content " << static_cast<int>(content);
    }
  }
}

TEST_P(Pruned, changes_no_bit_when_cut_short_at_any_iteration) {
  for (auto const content : {Content::uniform, Content::near_ties, Content::one_outlier}) {
    for (std::uint64_t last = 1; last < 12; ++last) {
      auto options = options_for(9);
      options.max_iterations = last;
      expect_no_difference<float>({content, 1'000, 4}, options);
    }
  }
}

TEST_P(Pruned, changes_no_bit_with_one_segment_or_one_customer_each) {
  for (auto const content : {Content::uniform, Content::clustered, Content::offset_million}) {
    expect_no_difference<float>({content, 500, 3}, options_for(1));
    expect_no_difference<double>({content, 500, 3}, options_for(1));
    expect_no_difference<float>({content, 150, 3}, options_for(120));
    expect_no_difference<double>({content, 150, 3}, options_for(150));
    expect_no_difference<float>({content, 1, 2}, options_for(1));
  }
}

TEST_P(Pruned, changes_no_bit_with_weights) {
  Draw const draw(5, Purpose::generate);
  for (auto const content : {Content::uniform, Content::grid, Content::clustered, Content::one_outlier}) {
    Awkward const data{content, 1'500, 5};
    std::vector<double> weight;
    std::vector<float> weight_in_float;
    for (std::uint64_t row = 0; row < data.rows; ++row) {
      weight.push_back(std::pow(10, 6 * draw.uniform(row) - 3));
      weight_in_float.push_back(static_cast<float>(weight.back()));
    }
    expect_no_difference<float>(data, options_for(10), weight_in_float);
    expect_no_difference<double>(data, options_for(10), weight);
  }
}

TEST_P(Pruned, changes_no_bit_with_the_cosine_distance) {
  for (auto const content :
       {Content::uniform, Content::clustered, Content::offset_million, Content::mixed_scales}) {
    Awkward const data{content, 1'500, 4};
    auto options = options_for(10);
    options.distance = Distance::cosine;
    expect_no_difference<float>(data, options);
    expect_no_difference<double>(data, options);
  }
}

TEST_P(Pruned, changes_no_bit_while_empty_segments_are_refilled) {
  for (auto const content : {Content::uniform, Content::clustered, Content::one_outlier, Content::grid}) {
    for (double const away : {5.0, 1e6, 1e18, 1e30, 3e38}) {
      Awkward const data{content, 2'000, 3};
      auto options = options_for(12);
      options.init = KMeansInit::given;
      options.max_iterations = 40;
      for (std::uint64_t i = 0; i < 12 * 3; ++i) {  // four near customers, twins, and six far from all
        bool const is_far = i / 3 >= 6;
        options.initial_centroids.push_back(is_far ? away * static_cast<double>(1 + i % 2) / 2
                                                   : data.value(40 * (i / 3 % 4), i % 3));
      }
      expect_no_difference<float>(data, options);
      expect_no_difference<double>(data, options);
    }
  }
}

// 70,000 rows are two stretches that are sampled, and three spans in which due customers are listed.
TEST_P(Pruned, changes_no_bit_across_stretches_and_spans) {
  for (auto const content : {Content::clustered, Content::uniform, Content::offset_million}) {
    auto options = options_for(17);
    options.max_iterations = 30;
    double const share = expect_no_difference<float>({content, 70'001, 2}, options);
    EXPECT_LT(share, 0.9);
    expect_no_difference<double>({content, 70'001, 2}, options);
  }
}

TEST_P(Pruned, saves_most_of_the_work_where_groups_are_apart) {
  Awkward const data{Content::clustered, 20'000, 8};
  auto options = options_for(12);
  options.max_iterations = 100;
  auto const pruned = run<float>(data, options, Pruning::automatic);
  EXPECT_LT(pruned.work.scanned, 0.5 * static_cast<double>(pruned.work.assignments));
}

TEST_P(Pruned, still_saves_work_after_a_centroid_came_from_very_far) {
  Awkward const data{Content::uniform, 20'000, 2};
  auto options = options_for(5);
  options.init = KMeansInit::given;
  options.max_iterations = 100;
  for (std::uint64_t i = 0; i < 10; ++i)
    options.initial_centroids.push_back(i < 8 ? data.value(i / 2, i % 2) : 1e12);
  auto const pruned = run<float>(data, options, Pruning::automatic);
  EXPECT_EQ(pruned.models[0].history[0].refilled, 1U);
  EXPECT_LT(pruned.work.scanned, 0.7 * static_cast<double>(pruned.work.assignments));
}

}  // namespace
}  // namespace tessera
