// SPDX-License-Identifier: Apache-2.0
#include "tessera/cluster/kmeans.hpp"

#include "tessera/kernel/simd.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <set>
#include <utility>

#include "cluster/planted.hpp"
#include "cluster/text_matrix.hpp"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tessera {
namespace {

using test::Planted;
using test::slice;

Communicator alone() {
  return Communicator::self();
}

constexpr KMeansInit kSeedings[] = {KMeansInit::kmeans_parallel, KMeansInit::kmeans_plus_plus,
                                    KMeansInit::random};

double squared_distance_to(KMeansModel const& model, std::size_t j, std::span<float const> row) {
  double sum = 0;
  for (std::size_t f = 0; f < row.size(); ++f) {
    sum += std::pow(static_cast<double>(row[f]) - model.centroids[j * row.size() + f], 2);
  }
  return sum;
}

/// A small matrix with these rows.
Matrix<float> make_matrix(std::size_t columns, std::vector<float> values) {
  return {regular_blocks(values.size() / columns, 0, 1), columns, std::move(values)};
}

/// Whether two labellings are the same up to the labels' names.
void expect_same_partition(std::vector<std::int32_t> const& a, std::vector<std::int32_t> const& b) {
  ASSERT_EQ(a.size(), b.size());
  std::set<std::pair<std::int32_t, std::int32_t>> pairs;
  for (std::size_t i = 0; i < a.size(); ++i) pairs.insert({a[i], b[i]});
  EXPECT_EQ(pairs.size(), std::set<std::int32_t>(a.begin(), a.end()).size());
  EXPECT_EQ(pairs.size(), std::set<std::int32_t>(b.begin(), b.end()).size());
}

TEST(KMeans, finds_the_best_known_clusters_of_iris) {
  for (auto const init : kSeedings) {
    KMeansOptions options;
    options.k = {3};
    options.init = init;
    options.restarts = 10;
    auto const result = kmeans(alone(), test::read_text_matrix("iris.txt"), options);
    EXPECT_NEAR(result.models[0].inertia, 78.8514, 1e-4);
    EXPECT_TRUE(result.models[0].converged);
  }
}

TEST(KMeans, comes_within_one_percent_of_the_optimum_of_glass) {
  for (auto const init : {KMeansInit::kmeans_parallel, KMeansInit::kmeans_plus_plus}) {
    KMeansOptions options;
    options.k = {6};
    options.init = init;
    options.restarts = 100;
    auto const result = kmeans(alone(), test::read_text_matrix("glass.txt"), options);
    EXPECT_GE(result.models[0].inertia, 72.9646);
    EXPECT_LE(result.models[0].inertia, 72.9647 * 1.01);
  }
}

TEST(KMeans, finds_separated_groups_whatever_the_init) {
  Planted const planted{.rows = 4'000, .columns = 3, .groups = 6, .apart = 40};
  std::vector<std::int32_t> truth;
  for (std::uint64_t row = 0; row < planted.rows; ++row) {
    truth.push_back(static_cast<std::int32_t>(planted.group(row)));
  }
  for (auto const init : kSeedings) {
    KMeansOptions options;
    options.k = {planted.groups};
    options.init = init;
    options.restarts = 20;
    expect_same_partition(kmeans(alone(), slice(alone(), planted), options).segment, truth);
  }
}

TEST(KMeans, keeps_its_invariants) {
  Planted const overlapping{.rows = 3'000, .columns = 6, .groups = 12, .apart = 2, .offset = 50};
  auto const matrix = slice(alone(), overlapping);
  for (auto const init : kSeedings) {
    KMeansOptions options;
    options.k = {9};
    options.init = init;
    auto const result = kmeans(alone(), matrix, options);
    auto const& model = result.models[0];

    EXPECT_EQ(std::accumulate(model.size.begin(), model.size.end(), std::int64_t{0}), 3'000);
    for (std::size_t i = 1; i < model.history.size(); ++i) {
      EXPECT_LE(model.history[i].inertia, model.history[i - 1].inertia * (1 + 1e-12));
    }
    EXPECT_EQ(model.history.front().moved, 3'000U);
    EXPECT_EQ(model.history.back().moved, 0U);
    EXPECT_EQ(model.history.back().shift, 0);
    EXPECT_NEAR(model.history.back().inertia, model.inertia, 1e-9 * model.inertia);

    std::vector<double> sum(model.centroids.size());
    std::vector<std::int64_t> size(model.k);
    double inertia = 0;
    for (std::size_t i = 0; i < matrix.rows(); ++i) {
      auto const row = matrix.row({i});
      auto const own = static_cast<std::size_t>(result.segment[i]);
      ++size[own];
      for (std::size_t f = 0; f < row.size(); ++f) sum[own * row.size() + f] += static_cast<double>(row[f]);
      std::vector<double> distances;
      for (std::size_t j = 0; j < model.k; ++j)
        distances.push_back(std::sqrt(squared_distance_to(model, j, row)));
      inertia += distances[own] * distances[own];
      EXPECT_NEAR(static_cast<double>(result.distance[i]), distances[own], 1e-4);
      std::ranges::sort(distances);
      EXPECT_NEAR(static_cast<double>(result.distance[i]), distances[0], 1e-4) << "not the nearest centroid";
      EXPECT_NEAR(static_cast<double>(result.margin[i]), distances[1] - distances[0], 1e-4);
    }
    EXPECT_EQ(size, model.size);
    EXPECT_NEAR(inertia, model.inertia, 1e-6 * inertia);
    for (std::size_t i = 0; i < sum.size(); ++i) {
      EXPECT_NEAR(sum[i] / static_cast<double>(size[i / matrix.columns]), model.centroids[i], 1e-4);
    }
  }
}

TEST(KMeans, finds_the_same_partition_whatever_the_order_of_the_rows) {
  Planted const planted{.rows = 3'000, .columns = 4, .groups = 5, .apart = 30};
  auto const reversed = [&](std::uint64_t row, std::size_t column) {
    return planted.value(planted.rows - 1 - row, column);
  };
  KMeansOptions options;
  options.k = {5};
  options.restarts = 5;
  auto const forwards = kmeans(alone(), slice(alone(), planted), options);
  auto backwards = kmeans(alone(), slice(alone(), planted.rows, planted.columns, reversed), options);
  std::ranges::reverse(backwards.segment);
  expect_same_partition(forwards.segment, backwards.segment);
  EXPECT_NEAR(forwards.models[0].inertia, backwards.models[0].inertia, 1e-9 * forwards.models[0].inertia);
}

TEST(KMeans, doubles_sizes_and_inertia_when_every_row_comes_twice) {
  Planted const planted{.rows = 1'000, .columns = 4, .groups = 5, .apart = 3};
  KMeansOptions options;
  options.k = {5};
  options.init = KMeansInit::given;
  for (std::uint64_t j = 0; j < 5; ++j) {
    for (std::size_t f = 0; f < 4; ++f) options.initial_centroids.push_back(planted.value(j, f));
  }
  auto const once = kmeans(alone(), slice(alone(), planted), options);
  auto const twice =
      kmeans(alone(),
             slice(alone(), 2'000, 4,
                   [&](std::uint64_t row, std::size_t column) { return planted.value(row / 2, column); }),
             options);
  ASSERT_EQ(once.models[0].size.size(), 5U);
  for (std::size_t j = 0; j < 5; ++j) EXPECT_EQ(twice.models[0].size[j], 2 * once.models[0].size[j]);
  EXPECT_NEAR(twice.models[0].inertia, 2 * once.models[0].inertia, 1e-9 * once.models[0].inertia);
}

TEST(KMeans, gives_each_customer_a_segment_when_k_is_their_number) {
  Planted const planted{.rows = 37, .columns = 2};
  for (auto const init : kSeedings) {
    KMeansOptions options;
    options.k = {37};
    options.init = init;
    auto const result = kmeans(alone(), slice(alone(), planted), options);
    EXPECT_THAT(result.models[0].size, testing::Each(1));
    EXPECT_EQ(result.models[0].inertia, 0);
    EXPECT_TRUE(std::isnan(result.models[0].quality.calinski_harabasz));
  }
}

TEST(KMeans, puts_one_segment_at_the_mean) {
  KMeansOptions options;
  options.k = {1};
  auto const result = kmeans(alone(), make_matrix(2, {1, 10, 2, 20, 6, 60}), options);
  EXPECT_THAT(result.models[0].centroids, testing::Pointwise(testing::DoubleNear(1e-5), {3.0, 30.0}));
  EXPECT_NEAR(result.models[0].inertia, 14 * 101, 1e-3);
  EXPECT_EQ(result.selected, 0U);
  EXPECT_TRUE(std::isnan(result.models[0].quality.simplified_silhouette));
  EXPECT_TRUE(std::isnan(result.models[0].quality.davies_bouldin));
  EXPECT_TRUE(std::isnan(result.margin[0]));
}

TEST(KMeans, ignores_columns_that_are_constant) {
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

TEST(KMeans, works_far_from_the_origin) {
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

TEST(KMeans, works_alike_in_any_unit_of_measurement) {
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

TEST(KMeans, gives_the_same_bits_at_every_simd_level) {
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

TEST(KMeans, starts_elsewhere_with_another_seed) {
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

TEST(KMeans, starts_better_with_careful_seeding) {
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

TEST(KMeans, keeps_the_restart_with_the_lowest_inertia) {
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

TEST(KMeans, stops_at_the_iteration_limit_and_says_that_it_did_not_converge) {
  KMeansOptions options;
  options.k = {8};
  options.init = KMeansInit::random;
  options.max_iterations = 2;
  auto const result = kmeans(alone(), slice(alone(), Planted{.rows = 2'000}), options);
  EXPECT_EQ(result.models[0].history.size(), 2U);
  EXPECT_FALSE(result.models[0].converged);
}

TEST(KMeans, stops_at_the_tolerance) {
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

TEST(KMeans, refills_an_empty_segment_with_the_farthest_customer) {
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

TEST(KMeans, chooses_the_number_of_groups_that_are_there) {
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

TEST(KMeans, chooses_the_lowest_inertia_when_asked) {
  KMeansOptions options;
  options.k = {5, 9, 2};
  options.select_by = SelectionIndex::inertia;
  auto const result = kmeans(alone(), slice(alone(), Planted{.rows = 1'000}), options);
  EXPECT_EQ(result.selected, 1U);
  ASSERT_EQ(result.models.size(), 3U);
  EXPECT_EQ(result.models[2].k, 2U);
}

TEST(KMeans, keeps_the_first_of_equal_models) {
  KMeansOptions options;
  options.select_by = SelectionIndex::simplified_silhouette;
  auto const pairs = make_matrix(1, {0, 0, 1, 1, 5, 5});
  options.k = {3, 3};
  EXPECT_EQ(kmeans(alone(), pairs, options).selected, 0U);
}

TEST(KMeans, reports_every_iteration) {
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
