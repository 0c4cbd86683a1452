// SPDX-License-Identifier: Apache-2.0
#include "tessera/cluster/kmeans.hpp"
#include "tessera/core/error.hpp"

#include <limits>

#include "cluster/planted.hpp"
#include "cluster/same_bits.hpp"
#include "mpi/main.hpp"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tessera {
namespace {

using test::bits;
using test::Planted;
using test::slice;
using test::world;

template <class T>
std::vector<T> part(std::vector<T> const& all, RowBlocks const& blocks) {
  auto const first = all.begin() + static_cast<std::ptrdiff_t>(blocks.first_row);
  return {first, first + static_cast<std::ptrdiff_t>(blocks.rows())};
}

/// The slices that all ranks compute together are the parts of what one rank computes alone.
template <class MakeSlice>
void expect_same_bits_as_alone(MakeSlice const& make_slice, KMeansOptions const& options) {
  auto const alone = kmeans(Communicator::self(), make_slice(Communicator::self()), options);
  auto matrix = make_slice(world());
  auto const blocks = matrix.blocks;
  auto const ours = kmeans(world(), std::move(matrix), options);
  test::expect_same_models(ours, alone);
  EXPECT_EQ(ours.segment, part(alone.segment, blocks));
  EXPECT_EQ(bits(ours.distance), bits(part(alone.distance, blocks)));
  EXPECT_EQ(bits(ours.margin), bits(part(alone.margin, blocks)));
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

/// All ranks throw the same error, whichever rank found it.
template <class MakeSlice>
void expect_error(MakeSlice const& make_slice, KMeansOptions const& options, ExitCode code,
                  std::string const& text) {
  try {
    (void)kmeans(world(), make_slice(world()), options);
    ADD_FAILURE() << "no error; expected: " << text;
  } catch (Error const& error) {
    EXPECT_EQ(error.code(), code);
    EXPECT_THAT(error.what_is_wrong(), testing::HasSubstr(text));
  }
}

TEST(KMeans, refuses_a_value_that_is_not_finite_and_say_where) {
  for (float const bad : {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}) {
    auto const make = [bad](Communicator const& comm) {
      return slice(comm, 9'000, 3, [bad](std::uint64_t row, std::size_t column) {
        return row == 8'765 && column == 1 ? bad : static_cast<float>(row);
      });
    };
    expect_error(make, {}, ExitCode::input, "column 1 of row 8765");
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
    expect_error(make, options, ExitCode::input, "only 3 distinct customers for kmeans.k = 5");
  }
}

}  // namespace
}  // namespace tessera
