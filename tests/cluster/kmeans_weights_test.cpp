// SPDX-License-Identifier: Apache-2.0
#include "tessera/cluster/kmeans.hpp"

#include <cmath>
#include <limits>
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
using test::bits;
using test::Content;

template <class T>
KMeansResult run(Matrix<T> matrix, KMeansOptions const& options, std::vector<T> weight) {
  return kmeans<T>(alone(), std::move(matrix), options, Progress::silent(), std::move(weight));
}

/// Rows on a lattice around a mean of zero, so that centring rounds nothing whatever the rows' number.
template <class T>
std::vector<T> lattice_row(std::uint64_t row) {
  Draw const draw(51, Purpose::generate);
  auto const group = static_cast<double>(draw.below(4, row / 2)) * 40;
  std::vector<T> out;
  for (std::uint32_t f = 0; f < 3; ++f) {
    double const steps = group + static_cast<double>(draw.below(65, row / 2, 1 + f));
    out.push_back(static_cast<T>((row % 2 == 0 ? steps : -steps) / 64));
  }
  return out;
}

int repeats(std::uint64_t row) {
  return 1 + static_cast<int>(Draw(52, Purpose::generate).below(5, row / 2));
}

template <class T>
void expect_weights_like_repeated_rows() {
  std::vector<T> once, repeated, weight, ones;
  std::vector<std::size_t> copy_of;
  for (std::uint64_t row = 0; row < 1'000; ++row) {
    auto const x = lattice_row<T>(row);
    once.insert(once.end(), x.begin(), x.end());
    weight.push_back(static_cast<T>(repeats(row)));
    for (int i = 0; i < repeats(row); ++i) {
      repeated.insert(repeated.end(), x.begin(), x.end());
      copy_of.push_back(row);
    }
  }
  KMeansOptions options;
  options.k = {7};
  options.init = KMeansInit::given;
  for (std::uint64_t j = 0; j < 7; ++j) {
    for (T const value : lattice_row<T>(j)) options.initial_centroids.push_back(static_cast<double>(value));
  }
  auto const weighted = run<T>(test::make_matrix<T>(3, once), options, weight);
  auto const rows = run<T>(test::make_matrix<T>(3, repeated), options, {});
  auto const &a = weighted.models[0], &b = rows.models[0];
  EXPECT_EQ(bits(a.centroids), bits(b.centroids));
  ASSERT_EQ(a.history.size(), b.history.size());
  for (std::size_t i = 0; i < a.history.size(); ++i) {
    EXPECT_EQ(a.history[i].inertia, b.history[i].inertia);
    EXPECT_EQ(a.history[i].shift, b.history[i].shift);
  }
  EXPECT_NEAR(a.inertia, b.inertia, 1e-12 * b.inertia);
  EXPECT_NEAR(a.quality.simplified_silhouette, b.quality.simplified_silhouette, 1e-12);
  EXPECT_NEAR(a.quality.davies_bouldin, b.quality.davies_bouldin, 1e-12);
  EXPECT_NEAR(a.quality.calinski_harabasz, b.quality.calinski_harabasz, 1e-9 * b.quality.calinski_harabasz);
  for (std::size_t i = 0; i < copy_of.size(); ++i) ASSERT_EQ(rows.segment[i], weighted.segment[copy_of[i]]);
  EXPECT_EQ(std::accumulate(a.size.begin(), a.size.end(), std::int64_t{0}), 1'000) << "sizes count customers";
}

TEST(KMeansWeights, count_as_that_many_customers) {
  expect_weights_like_repeated_rows<float>();
  expect_weights_like_repeated_rows<double>();
}

std::vector<float> some_weights(std::uint64_t rows) {
  Draw const draw(53, Purpose::generate);
  std::vector<float> out;
  for (std::uint64_t row = 0; row < rows; ++row) out.push_back(static_cast<float>(0.01 + draw.uniform(row)));
  return out;
}

TEST(KMeansWeights, of_one_change_nothing) {
  Awkward const data{Content::uniform, 1'500, 4};
  KMeansOptions options;
  options.k = {3, 9};
  for (auto const init : test::kSeedings) {
    options.init = init;
    auto const matrix = test::slice_as<float>(alone(), data);
    test::expect_same_result(run<float>(matrix, options, {}),
                             run<float>(matrix, options, std::vector<float>(data.rows, 1.0F)));
  }
}

TEST(KMeansWeights, scaled_by_a_power_of_two_scale_the_inertia_alone) {
  Awkward const data{Content::clustered, 1'500, 4};
  auto const weight = some_weights(data.rows);
  for (auto const init : test::kSeedings) {
    KMeansOptions options;
    options.k = {6};
    options.init = init;
    auto const plain = run<float>(test::slice_as<float>(alone(), data), options, weight);
    for (float const factor : {0x1p-60F, 0.5F, 0x1p10F, 0x1p60F}) {
      auto scaled_weight = weight;
      for (auto& w : scaled_weight) w *= factor;
      auto const scaled = run<float>(test::slice_as<float>(alone(), data), options, scaled_weight);
      auto const &a = plain.models[0], &b = scaled.models[0];
      EXPECT_EQ(bits(a.centroids), bits(b.centroids));
      EXPECT_EQ(test::counts(a), test::counts(b));
      EXPECT_EQ(plain.segment, scaled.segment);
      EXPECT_EQ(bits(plain.margin), bits(scaled.margin));
      auto const by = static_cast<double>(factor);
      EXPECT_EQ(b.inertia, a.inertia * by);
      for (std::size_t i = 0; i < a.history.size(); ++i) {
        EXPECT_EQ(b.history[i].inertia, a.history[i].inertia * by);
        EXPECT_EQ(b.history[i].shift, a.history[i].shift);
      }
      EXPECT_EQ(a.quality.simplified_silhouette, b.quality.simplified_silhouette);
      EXPECT_EQ(a.quality.davies_bouldin, b.quality.davies_bouldin);
    }
  }
}

TEST(KMeansWeights, draw_centroids_to_heavy_customers) {
  KMeansOptions options;
  options.k = {1};
  auto const result = run<double>(test::make_matrix<double>(1, {0, 10}), options, {1, 3});
  EXPECT_EQ(result.models[0].centroids[0], 7.5);
  EXPECT_EQ(result.models[0].inertia, 1 * 7.5 * 7.5 + 3 * 2.5 * 2.5);
  EXPECT_EQ(result.models[0].size[0], 2);
}

TEST(KMeansWeights, keep_their_invariants_over_many_orders_of_magnitude) {
  Awkward const data{Content::uniform, 1'500, 3};
  Draw const draw(54, Purpose::generate);
  std::vector<double> weight;
  for (std::uint64_t row = 0; row < data.rows; ++row)
    weight.push_back(std::pow(10, 8 * draw.uniform(row) - 4));
  KMeansOptions options;
  options.k = {8};
  auto const matrix = test::slice_as<double>(alone(), data);
  auto const result = run<double>(matrix, options, weight);
  auto const& model = result.models[0];
  std::vector<double> sum(8 * 3), total(8);
  for (std::size_t i = 0; i < data.rows; ++i) {
    auto const own = static_cast<std::size_t>(result.segment[i]);
    total[own] += weight[i];
    for (std::size_t f = 0; f < 3; ++f) sum[own * 3 + f] += weight[i] * matrix.values[i * 3 + f];
  }
  for (std::size_t i = 0; i < sum.size(); ++i) EXPECT_NEAR(model.centroids[i], sum[i] / total[i / 3], 1e-9);
  for (std::size_t i = 1; i < model.history.size(); ++i) {
    EXPECT_LE(model.history[i].inertia, model.history[i - 1].inertia * (1 + 1e-12));
  }
  EXPECT_NEAR(model.history.back().inertia, model.inertia, 1e-9 * model.inertia);
}

TEST(KMeansWeights, are_refused_unless_positive_and_finite) {
  for (float const bad :
       {0.0F, -1.0F, std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}) {
    std::vector<float> weight(20, 1.0F);
    weight[13] = bad;
    test::expect_refusal(
        [&] {
          (void)run<float>(test::slice_as<float>(alone(), {Content::uniform, 20, 2}), {.k = {2}}, weight);
        },
        "the weight of row 13");
  }
}

TEST(KMeansWeights, are_refused_unless_every_customer_has_one) {
  for (std::size_t const count : {1U, 19U, 21U}) {
    test::expect_refusal(
        [&] {
          (void)run<float>(test::slice_as<float>(alone(), {Content::uniform, 20, 2}), {.k = {2}},
                           std::vector<float>(count, 1.0F));
        },
        "weights for 20 rows", ExitCode::bug);
  }
}

}  // namespace
}  // namespace tessera
