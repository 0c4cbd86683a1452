// SPDX-License-Identifier: Apache-2.0
#include "tessera/stats/factor_solution.hpp"

#include "tessera/stats/varimax.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tessera {
namespace {

using testing::DoubleNear;
using testing::Pointwise;

/// L L' with ones on the diagonal: what factors of these loadings correlate like.
std::vector<double> correlation_of(std::vector<double> const& loading, std::size_t factors) {
  std::size_t const n = loading.size() / factors;
  std::vector<double> out(n * n);
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < n; ++j) {
      double sum = 0;
      for (std::size_t f = 0; f < factors; ++f) sum += loading[i * factors + f] * loading[j * factors + f];
      out[i * n + j] = i == j ? 1.0 : sum;
    }
  }
  return out;
}

// Simple structure, which varimax is to find again.
std::vector<double> const kLoading{0.9, 0.0, 0.8, 0.0, 0.7, 0.0, 0.0, 0.8, 0.0, 0.7, 0.0, 0.6};

TEST(PrincipalComponents, of_two_features_are_their_sum_and_difference) {
  std::vector<double> const correlation{1, 0.5, 0.5, 1};
  auto const found = principal_components(correlation, 2, Rotation::automatic);
  EXPECT_THAT(found.eigenvalue, Pointwise(DoubleNear(1e-14), {1.5, 0.5}));
  double const half = std::sqrt(0.5);
  EXPECT_THAT(found.coefficient, Pointwise(DoubleNear(1e-14), {half, half, half, -half}));
  EXPECT_THAT(found.communality, Pointwise(DoubleNear(1e-14), {1.0, 1.0}));
  EXPECT_THAT(found.explained, Pointwise(DoubleNear(1e-14), {0.75, 0.25}));
}

TEST(PrincipalComponents, all_of_them_give_the_correlations_back_rotated_or_not) {
  auto const correlation = correlation_of(kLoading, 2);
  for (auto const rotation : {Rotation::none, Rotation::varimax}) {
    auto const found = principal_components(correlation, 6, rotation);
    for (std::size_t i = 0; i < 6; ++i) {
      for (std::size_t j = 0; j < 6; ++j) {
        double sum = 0;
        for (std::size_t c = 0; c < 6; ++c) sum += found.loading[i * 6 + c] * found.loading[j * 6 + c];
        EXPECT_NEAR(sum, correlation[i * 6 + j], 1e-12);
      }
    }
  }
}

TEST(PrincipalComponents, have_their_largest_loading_positive_and_explain_less_and_less) {
  auto const found = principal_components(correlation_of(kLoading, 2), 4, Rotation::varimax);
  for (std::size_t c = 0; c < 4; ++c) {
    double largest = 0;
    for (std::size_t i = 0; i < 6; ++i) {
      if (std::abs(found.loading[i * 4 + c]) > std::abs(largest)) largest = found.loading[i * 4 + c];
    }
    EXPECT_GT(largest, 0);
  }
  EXPECT_TRUE(std::is_sorted(found.explained.rbegin(), found.explained.rend()));
}

TEST(PrincipalComponents, are_as_many_as_the_variance_takes) {
  std::vector<double> const eigenvalue{2.0, 1.0, 0.6, 0.4};
  EXPECT_EQ(components_for_variance(eigenvalue, 0.01), 1U);
  EXPECT_EQ(components_for_variance(eigenvalue, 0.5), 1U);
  EXPECT_EQ(components_for_variance(eigenvalue, 0.51), 2U);
  EXPECT_EQ(components_for_variance(eigenvalue, 1.0), 4U);
  EXPECT_EQ(components_for_variance(std::vector{3.0, 1.0, 1e-17, -1e-17}, 1.0), 2U);
  EXPECT_EQ(numerical_rank(std::vector{3.0, 1.0, 1e-17, -1e-17}), 2U);
}

TEST(PrincipalAxisFactors, find_the_factors_that_the_correlations_were_made_from) {
  auto const found = principal_axis_factors(correlation_of(kLoading, 2), 2, Rotation::automatic);
  EXPECT_TRUE(found.converged);
  EXPECT_FALSE(found.improper);
  EXPECT_GT(found.iterations, 1U);
  EXPECT_THAT(found.loading, Pointwise(DoubleNear(1e-6), kLoading));
  for (std::size_t i = 0; i < 6; ++i) {
    double const communality = kLoading[2 * i] * kLoading[2 * i] + kLoading[2 * i + 1] * kLoading[2 * i + 1];
    EXPECT_NEAR(found.communality[i], communality, 1e-6);
    EXPECT_NEAR(found.uniqueness[i], 1 - communality, 1e-6);
  }
}

TEST(PrincipalAxisFactors, score_by_the_inverse_of_the_correlations) {
  auto const correlation = correlation_of(kLoading, 2);
  auto const found = principal_axis_factors(correlation, 2, Rotation::varimax);
  for (std::size_t i = 0; i < 6; ++i) {
    for (std::size_t c = 0; c < 2; ++c) {
      double sum = 0;  // of R x coefficient, which is the loading
      for (std::size_t j = 0; j < 6; ++j) sum += correlation[i * 6 + j] * found.coefficient[j * 2 + c];
      EXPECT_NEAR(sum, found.loading[i * 2 + c], 1e-10);
    }
  }
}

TEST(PrincipalAxisFactors, bear_a_singular_matrix) {
  std::vector<double> const correlation{1, 1, 0.5, 1, 1, 0.5, 0.5, 0.5, 1};
  auto const found = principal_axis_factors(correlation, 1, Rotation::none);
  for (double const value : found.coefficient) EXPECT_TRUE(std::isfinite(value));
  for (double const value : found.communality) EXPECT_LE(value, 1.0 + 1e-9);
}

TEST(PrincipalAxisFactors, say_when_a_feature_is_explained_whole) {
  // One factor that gives these correlations would have to explain 0.9 * 0.9 / 0.5 of the first feature.
  std::vector<double> const correlation{1, 0.9, 0.9, 0.9, 1, 0.5, 0.9, 0.5, 1};
  EXPECT_TRUE(principal_axis_factors(correlation, 1, Rotation::none).improper);
}

TEST(Varimax, undoes_a_rotation_and_returns_its_own) {
  double const cosine = std::cos(0.6), sine = std::sin(0.6);
  std::vector<double> turned;
  for (std::size_t i = 0; i < kLoading.size(); i += 2) {
    turned.push_back(kLoading[i] * cosine - kLoading[i + 1] * sine);
    turned.push_back(kLoading[i] * sine + kLoading[i + 1] * cosine);
  }
  auto rotated = turned;
  auto const rotation = rotate_varimax(rotated, 2);
  for (std::size_t i = 0; i < rotated.size(); ++i) EXPECT_NEAR(std::abs(rotated[i]), kLoading[i], 1e-10);
  EXPECT_NEAR(rotation[0] * rotation[1] + rotation[2] * rotation[3], 0.0, 1e-12);
  EXPECT_NEAR(rotation[0] * rotation[0] + rotation[2] * rotation[2], 1.0, 1e-12);
  for (std::size_t i = 0; i < turned.size(); i += 2) {
    EXPECT_NEAR(turned[i] * rotation[0] + turned[i + 1] * rotation[2], rotated[i], 1e-12);
  }
}

TEST(Varimax, leaves_one_component_and_rows_of_zeros_alone) {
  std::vector<double> one{0.5, 0.0, -0.3};
  rotate_varimax(one, 1);
  EXPECT_THAT(one, Pointwise(DoubleNear(1e-15), {0.5, 0.0, -0.3}));
  std::vector<double> zeros(6, 0.0);
  rotate_varimax(zeros, 2);
  EXPECT_EQ(zeros, std::vector<double>(6, 0.0));
}

}  // namespace
}  // namespace tessera
