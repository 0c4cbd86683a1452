// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/cluster/kmeans.hpp"

#include <bit>
#include <cstdint>
#include <vector>

#include <gtest/gtest.h>

/// Every number of a result, for tests that hold two runs to the same bits. What a run cost is not compared.
namespace tessera::test {

inline std::vector<std::uint64_t> bits(std::vector<double> const& values) {
  std::vector<std::uint64_t> out;
  for (auto const value : values) out.push_back(std::bit_cast<std::uint64_t>(value));
  return out;
}

inline std::vector<std::uint32_t> bits(std::vector<float> const& values) {
  std::vector<std::uint32_t> out;
  for (auto const value : values) out.push_back(std::bit_cast<std::uint32_t>(value));
  return out;
}

/// Every floating-point number of a model but the seconds.
inline std::vector<double> numbers(KMeansModel const& model) {
  std::vector<double> out = model.centroids;
  out.insert(out.end(), {model.inertia, model.quality.simplified_silhouette, model.quality.calinski_harabasz,
                         model.quality.davies_bouldin});
  for (auto const& iteration : model.history) out.insert(out.end(), {iteration.inertia, iteration.shift});
  return out;
}

/// Every whole number of a model.
inline std::vector<std::uint64_t> counts(KMeansModel const& model) {
  std::vector<std::uint64_t> out{model.k, model.restart, model.converged ? 1U : 0U, model.history.size()};
  for (auto const size : model.size) out.push_back(static_cast<std::uint64_t>(size));
  for (auto const& iteration : model.history) out.insert(out.end(), {iteration.moved, iteration.refilled});
  return out;
}

inline void expect_same_models(KMeansResult const& a, KMeansResult const& b) {
  ASSERT_EQ(a.models.size(), b.models.size());
  for (std::size_t i = 0; i < a.models.size(); ++i) {
    EXPECT_EQ(bits(numbers(a.models[i])), bits(numbers(b.models[i])));
    EXPECT_EQ(counts(a.models[i]), counts(b.models[i]));
  }
  EXPECT_EQ(a.selected, b.selected);
}

inline void expect_same_result(KMeansResult const& a, KMeansResult const& b) {
  expect_same_models(a, b);
  EXPECT_EQ(a.segment, b.segment);
  EXPECT_EQ(bits(a.distance), bits(b.distance));
  EXPECT_EQ(bits(a.margin), bits(b.margin));
}

}  // namespace tessera::test
