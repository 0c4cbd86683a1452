// SPDX-License-Identifier: Apache-2.0
#include "tessera/cluster/kmeans.hpp"

#include <algorithm>
#include <limits>
#include <string>
#include <vector>

#include "cluster/awkward.hpp"
#include "cluster/common.hpp"
#include "cluster/planted.hpp"
#include "cluster/same_bits.hpp"
#include "mpi/main.hpp"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tessera {
namespace {

using test::Awkward;
using test::bits;
using test::Content;
using test::Planted;
using test::slice;
using test::world;

template <class T>
std::vector<T> part(std::vector<T> const& all, RowBlocks const& blocks) {
  auto const first = all.begin() + static_cast<std::ptrdiff_t>(blocks.first_row);
  return {first, first + static_cast<std::ptrdiff_t>(blocks.rows())};
}

/// This rank's part of what one rank computed alone.
void expect_part_of(KMeansResult const& alone, KMeansResult const& ours, RowBlocks const& blocks) {
  test::expect_same_models(ours, alone);
  EXPECT_EQ(ours.segment, part(alone.segment, blocks));
  EXPECT_EQ(bits(ours.distance), bits(part(alone.distance, blocks)));
  EXPECT_EQ(bits(ours.margin), bits(part(alone.margin, blocks)));
}

/// The slices that all ranks compute together are the parts of what one rank computes alone.
template <class MakeSlice>
void expect_same_bits_as_alone(MakeSlice const& make_slice, KMeansOptions const& options) {
  auto const alone = kmeans(Communicator::self(), make_slice(Communicator::self()), options);
  auto matrix = make_slice(world());
  auto const blocks = matrix.blocks;
  expect_part_of(alone, kmeans(world(), std::move(matrix), options), blocks);
}

class KMeansOnRanks : public testing::TestWithParam<KMeansInit> {};
INSTANTIATE_TEST_SUITE_P(Inits, KMeansOnRanks,
                         testing::Values(KMeansInit::kmeans_parallel, KMeansInit::kmeans_plus_plus,
                                         KMeansInit::random, KMeansInit::given));

TEST_P(KMeansOnRanks, gives_the_same_bits_on_any_number_of_ranks) {
  Planted const overlapping{.rows = 12'345, .columns = 5, .groups = 9, .apart = 3, .offset = 1000};
  KMeansOptions options;
  options.k = {7};
  options.init = GetParam();
  options.restarts = 2;
  options.seed = 42;
  options.max_iterations = 40;
  for (std::size_t i = 0; i < 7 * overlapping.columns; ++i) {
    options.initial_centroids.push_back(
        overlapping.value(100 * (i / overlapping.columns), i % overlapping.columns));
  }
  expect_same_bits_as_alone([&](Communicator const& comm) { return slice(comm, overlapping); }, options);
}

TEST(KMeans, sweeps_give_the_same_bits_on_any_number_of_ranks) {
  Planted const planted{.rows = 6'000};
  KMeansOptions options;
  options.k = {1, 2, 4, 6};
  expect_same_bits_as_alone([&](Communicator const& comm) { return slice(comm, planted); }, options);
}

TEST(KMeans, runs_where_some_ranks_have_no_customers) {
  KMeansOptions options;
  for (auto const init : {KMeansInit::kmeans_parallel, KMeansInit::kmeans_plus_plus, KMeansInit::random}) {
    options.init = init;
    for (std::uint64_t const rows : {3U, 700U}) {
      options.k = {1, 3};
      expect_same_bits_as_alone([&](Communicator const& comm) { return slice(comm, Planted{.rows = rows}); },
                                options);
    }
  }
}

TEST(KMeans, refills_empty_segments_alike_on_any_number_of_ranks) {
  Planted const planted{.rows = 5'000, .columns = 2};
  KMeansOptions options;
  options.k = {5};
  options.init = KMeansInit::given;
  options.initial_centroids = {0, 0, 1e6, 1e6, 1e6, 1e6, -1e7, 0, 5, 5};
  auto const result = kmeans(world(), slice(world(), planted), options);
  EXPECT_EQ(result.models[0].history[0].refilled, 3U);
  expect_same_bits_as_alone([&](Communicator const& comm) { return slice(comm, planted); }, options);
}

TEST(KMeans, refills_with_the_first_of_equally_far_customers) {
  // Every row of [2000, 9000) is as far from the only attractive centroid as every other.
  auto const make = [](Communicator const& comm) {
    return slice(comm, 9'000, 2, [](std::uint64_t row, std::size_t column) {
      if (row < 2'000) return 0.0F;
      return column == row % 2 ? 1.0F : 0.0F;
    });
  };
  KMeansOptions options;
  options.k = {3};
  options.init = KMeansInit::given;
  options.initial_centroids = {0, 0, 50, 50, 60, 60};
  auto const result = kmeans(world(), make(world()), options);
  auto const& c = result.models[0].centroids;
  EXPECT_THAT(std::vector<double>(c.begin() + 2, c.end()),
              testing::Pointwise(testing::DoubleNear(1e-6), std::vector<double>{1, 0, 0, 1}));
  EXPECT_NEAR(result.models[0].inertia, 0, 1e-9);
}

/// A weight for each of this rank's rows, from the global row.
template <class T>
std::vector<T> weights_of(RowBlocks const& blocks) {
  std::vector<T> out;
  for (std::size_t i = 0; i < blocks.rows(); ++i) {
    auto const row = blocks.global(LocalRow{i}).value;
    out.push_back(static_cast<T>(0.01 + Draw(81, Purpose::generate).uniform(row)));
  }
  return out;
}

enum class Weights { none, some };

template <class T>
void expect_same_bits_of(Awkward const& data, KMeansOptions const& options, Weights weights = Weights::none) {
  SCOPED_TRACE("content " + std::to_string(static_cast<int>(data.content)) + ", bytes " +
               std::to_string(sizeof(T)));
  auto const run = [&](Communicator const& comm) {
    auto matrix = test::slice_as<T>(comm, data);
    auto weight = weights == Weights::some ? weights_of<T>(matrix.blocks) : std::vector<T>{};
    return kmeans<T>(comm, std::move(matrix), options, Progress::silent(), std::move(weight));
  };
  auto const alone = run(Communicator::self());
  expect_part_of(alone, run(world()), regular_blocks(data.rows, world().rank(), world().size()));
}

TEST(KMeans, prunes_to_the_same_bits_on_any_number_of_ranks) {
  for (auto const content : test::kContents) {
    for (auto const pruning : {Pruning::automatic, Pruning::always}) {
      KMeansOptions options;
      options.k = {14};
      options.init = KMeansInit::random;
      options.max_iterations = 15;
      options.pruning = pruning;
      expect_same_bits_of<float>({content, 3'500, 3}, options);
      expect_same_bits_of<double>({content, 3'500, 3}, options);
    }
  }
}

TEST(KMeans, prunes_long_stretches_to_the_same_bits_on_any_number_of_ranks) {
  KMeansOptions options;
  options.k = {12};
  options.max_iterations = 25;
  expect_same_bits_of<float>({Content::clustered, 140'000, 2}, options);
}

TEST(KMeans, weighs_customers_to_the_same_bits_on_any_number_of_ranks) {
  for (auto const init : {KMeansInit::kmeans_parallel, KMeansInit::kmeans_plus_plus, KMeansInit::random}) {
    for (auto const distance : {Distance::euclidean, Distance::cosine}) {
      KMeansOptions options;
      options.k = {5, 9};
      options.init = init;
      options.distance = distance;
      options.max_iterations = 20;
      expect_same_bits_of<float>({Content::uniform, 4'000, 4}, options, Weights::some);
      expect_same_bits_of<double>({Content::clustered, 4'000, 4}, options, Weights::some);
    }
  }
}

TEST(KMeans, advances_models_together_to_the_same_bits_on_any_number_of_ranks) {
  for (std::uint64_t const together : {0U, 1U, 3U}) {
    KMeansOptions options;
    options.k = {2, 7, 4};
    options.restarts = 2;
    options.together = together;
    expect_same_bits_of<float>({Content::uniform, 4'000, 3}, options);
    expect_same_bits_of<double>({Content::mixed_scales, 4'000, 3}, options, Weights::some);
  }
}

TEST(KMeans, costs_the_same_messages_on_any_number_of_ranks) {
  KMeansOptions options;
  options.k = {2, 7, 4};
  Awkward const data{Content::uniform, 4'000, 3};
  auto const ours = kmeans<float>(world(), test::slice_as<float>(world(), data), options).work;
  auto const alone =
      kmeans<float>(Communicator::self(), test::slice_as<float>(Communicator::self(), data), options).work;
  EXPECT_EQ(ours.messages, alone.messages);
  EXPECT_EQ(ours.bytes, alone.bytes);
  EXPECT_EQ(ours.assignments, alone.assignments);
}

TEST(KMeans, refills_far_centroids_to_the_same_bits_on_any_number_of_ranks) {
  for (double const away : {1e6, 1e30}) {
    KMeansOptions options;
    options.k = {6};
    options.init = KMeansInit::given;
    Awkward const data{Content::uniform, 4'000, 2};
    for (std::uint64_t i = 0; i < 12; ++i) {
      options.initial_centroids.push_back(i < 6 ? data.value(i / 2, i % 2) : away);
    }
    expect_same_bits_of<float>(data, options);
    expect_same_bits_of<double>(data, options, Weights::some);
  }
}

TEST(KMeans, refuses_a_value_that_is_not_finite_and_say_where) {
  for (float const bad : {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}) {
    auto const make = [bad](Communicator const& comm) {
      return slice(comm, 9'000, 3, [bad](std::uint64_t row, std::size_t column) {
        return row == 8'765 && column == 1 ? bad : static_cast<float>(row);
      });
    };
    test::expect_refusal([&] { (void)kmeans(world(), make(world()), {}); }, "column 1 of row 8765");
  }
}

TEST(KMeans, refuses_fewer_distinct_customers_than_segments_with_every_init) {
  auto const make = [](Communicator const& comm) {
    return slice(comm, 7'000, 2,
                 [](std::uint64_t row, std::size_t) { return static_cast<float>(row / 64 % 3); });
  };
  KMeansOptions options;
  options.k = {5};
  options.initial_centroids = {0, 0, 1, 1, 0, 0, 2, 2, 9, 9};
  for (auto const init :
       {KMeansInit::kmeans_parallel, KMeansInit::kmeans_plus_plus, KMeansInit::random, KMeansInit::given}) {
    options.init = init;
    test::expect_refusal([&] { (void)kmeans(world(), make(world()), options); },
                         "only 3 distinct customers for kmeans.k = 5");
  }
}

/// One rank has a customer that cannot be used; all ranks hear of it.
TEST(KMeans, refuses_weights_and_rows_without_a_direction_on_all_ranks) {
  Awkward const data{Content::uniform, 9'000, 2};
  auto matrix = test::slice_as<float>(world(), data);
  GlobalRow const bad{8'765};
  auto weight = weights_of<float>(matrix.blocks);
  bool const mine = matrix.blocks.owns(bad);
  if (mine) weight[matrix.blocks.local(bad).value] = -1;
  test::expect_refusal([&] { (void)kmeans<float>(world(), matrix, {.k = {2}}, Progress::silent(), weight); },
                       "the weight of row 8765");
  if (mine) std::ranges::fill(matrix.row(matrix.blocks.local(bad)), 0.0F);
  KMeansOptions options;
  options.distance = Distance::cosine;
  test::expect_refusal([&] { (void)kmeans<float>(world(), matrix, options); }, "row 8765");
}

}  // namespace
}  // namespace tessera
