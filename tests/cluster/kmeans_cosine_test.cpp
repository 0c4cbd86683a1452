// SPDX-License-Identifier: Apache-2.0
#include "tessera/cluster/kmeans.hpp"

#include <cmath>
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

KMeansOptions cosine(std::uint64_t k) {
  KMeansOptions out;
  out.k = {k};
  out.distance = Distance::cosine;
  return out;
}

double dot(std::span<double const> a, std::span<double const> b) {
  double sum = 0;
  for (std::size_t f = 0; f < a.size(); ++f) sum += a[f] * b[f];
  return sum;
}

template <class T>
void expect_cosine_invariants(double precision) {
  Awkward const data{Content::uniform, 2'000, 4};
  auto const matrix = test::slice_as<T>(alone(), data);
  for (auto const init : test::kSeedings) {
    auto options = cosine(7);
    options.init = init;
    auto const result = kmeans<T>(alone(), matrix, options);
    auto const& model = result.models[0];
    auto const centroid = [&](std::size_t j) { return std::span(model.centroids).subspan(j * 4, 4); };
    for (std::size_t j = 0; j < 7; ++j) EXPECT_NEAR(dot(centroid(j), centroid(j)), 1, precision);
    for (std::size_t i = 0; i < data.rows; ++i) {
      auto const row = matrix.row({i});
      std::vector<double> const x(row.begin(), row.end());
      double const length = std::sqrt(dot(x, x));
      auto const own = static_cast<std::size_t>(result.segment[i]);
      double const mine = dot(x, centroid(own)) / length;
      for (std::size_t j = 0; j < 7; ++j) EXPECT_LE(dot(x, centroid(j)) / length, mine + precision);
      double const distance = static_cast<double>(result.distance[i]);
      EXPECT_NEAR(distance * distance, 2 * (1 - mine), 10 * precision + 1e-6);
    }
    for (std::size_t i = 1; i < model.history.size(); ++i) {
      EXPECT_LE(model.history[i].inertia, model.history[i - 1].inertia * (1 + 10 * precision));
    }
    EXPECT_TRUE(model.converged);
  }
}

TEST(KMeansCosine, assigns_to_the_centroid_of_the_largest_cosine) {
  expect_cosine_invariants<float>(1e-6);
  expect_cosine_invariants<double>(1e-12);
}

/// Powers of two between 2^-16 and 2^15: they scale a row without rounding.
double factor(std::uint64_t row) {
  return std::ldexp(1.0, static_cast<int>(Draw(61, Purpose::generate).below(32, row)) - 16);
}

template <class T>
void expect_lengths_do_not_matter(double scale) {
  Awkward const data{Content::clustered, 1'500, 5};
  auto const plain = test::slice_as<T>(alone(), data);
  auto scaled = plain;
  for (std::size_t i = 0; i < scaled.rows(); ++i) {
    for (T& value : scaled.row(LocalRow{i})) value *= static_cast<T>(factor(i) * scale);
  }
  for (auto const init : test::kSeedings) {
    auto options = cosine(6);
    options.init = init;
    test::expect_same_result(kmeans<T>(alone(), plain, options), kmeans<T>(alone(), scaled, options));
  }
}

TEST(KMeansCosine, does_not_depend_on_the_lengths_of_rows) {
  for (double const scale : {1.0, 0x1p-80, 0x1p80}) expect_lengths_do_not_matter<float>(scale);
  for (double const scale : {1.0, 0x1p-900, 0x1p450}) expect_lengths_do_not_matter<double>(scale);
}

TEST(KMeansCosine, does_not_depend_on_the_lengths_of_initial_centroids) {
  Awkward const data{Content::clustered, 1'500, 5};
  auto options = cosine(6);
  options.init = KMeansInit::given;
  auto scaled = options;
  for (std::uint64_t i = 0; i < 30; ++i) {
    options.initial_centroids.push_back(data.value(i / 5, i % 5));
    scaled.initial_centroids.push_back(data.value(i / 5, i % 5) * 0x1p600);
  }
  auto const matrix = test::slice_as<float>(alone(), data);
  test::expect_same_result(kmeans<float>(alone(), matrix, options), kmeans<float>(alone(), matrix, scaled));
}

TEST(KMeansCosine, tells_directions_apart_and_not_lengths) {
  auto options = cosine(2);
  options.restarts = 5;
  auto const result = kmeans<double>(
      alone(), test::make_matrix<double>(2, {1, 0, 9, 1, 100, 0, 0, 1, 1, 90, 0, 1e-3}), options);
  auto const& s = result.segment;
  EXPECT_EQ(s[0], s[1]);
  EXPECT_EQ(s[0], s[2]);
  EXPECT_NE(s[0], s[3]);
  EXPECT_EQ(s[3], s[4]);
  EXPECT_EQ(s[3], s[5]);
}

TEST(KMeansCosine, refuses_rows_that_point_nowhere) {
  auto matrix = test::slice_as<float>(alone(), {Content::uniform, 300, 3});
  for (float& value : matrix.row(LocalRow{211})) value = 0;
  test::expect_refusal([&] { (void)kmeans<float>(alone(), matrix, cosine(2)); }, "row 211");
}

TEST(KMeansCosine, refuses_initial_centroids_that_point_nowhere) {
  auto options = cosine(2);
  options.init = KMeansInit::given;
  options.initial_centroids = {1, 0, 0, 0, 0, 0};
  auto const matrix = test::slice_as<float>(alone(), {Content::uniform, 300, 3});
  test::expect_refusal([&] { (void)kmeans<float>(alone(), matrix, options); }, "initial centroid 1");
}

}  // namespace
}  // namespace tessera
