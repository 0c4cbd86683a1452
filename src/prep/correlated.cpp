// SPDX-License-Identifier: Apache-2.0
#include "tessera/prep/correlated.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>

#include <fmt/format.h>

namespace tessera {

namespace {

/// Keeps these columns of every row of a row-major matrix, in place.
template <class T>
void keep_columns(std::vector<T>& values, std::size_t columns, std::vector<std::size_t> const& kept) {
  std::size_t place = 0;
  for (std::size_t row = 0; row < values.size(); row += columns) {
    for (auto const column : kept) values[place++] = values[row + column];
  }
  values.resize(place);
}

}  // namespace

std::vector<CorrelatedFeatures> correlated_features(FeatureSet const& features, double threshold) {
  std::vector<CorrelatedFeatures> out;
  std::size_t const d = features.features.size();
  for (std::size_t a = 0; a < d; ++a) {
    for (std::size_t b = a + 1; b < d; ++b) {
      double const r = features.correlation[a * d + b];
      if (std::abs(r) >= threshold)
        out.push_back({features.features[a].spec.name, features.features[b].spec.name, r});
    }
  }
  return out;
}

template <class T>
void drop_correlated(Features<T>& features, double threshold) {
  std::size_t const d = features.features.size();
  std::vector<std::size_t> kept;
  for (std::size_t b = 0; b < d; ++b) {
    auto const alike = std::find_if(kept.begin(), kept.end(), [&](std::size_t a) {
      return std::abs(features.correlation[a * d + b]) >= threshold;
    });
    if (alike == kept.end()) {
      kept.push_back(b);
    } else {
      features.warnings.push_back(fmt::format(
          "feature {} is dropped: it correlates with {} (r = {:.4f})", features.features[b].spec.name,
          features.features[*alike].spec.name, features.correlation[*alike * d + b]));
    }
  }
  if (kept.size() == d) return;
  keep_columns(features.matrix.values, d, kept);
  features.matrix.columns = kept.size();
  std::vector<double> correlation;
  std::vector<Feature> left;
  for (auto const a : kept) {
    for (auto const b : kept) correlation.push_back(features.correlation[a * d + b]);
    left.push_back(std::move(features.features[a]));
  }
  features.correlation = std::move(correlation);
  features.features = std::move(left);
}

template void drop_correlated(Features<float>&, double);
template void drop_correlated(Features<double>&, double);

}  // namespace tessera
