// SPDX-License-Identifier: Apache-2.0
#include "feature_count.hpp"

#include <algorithm>

#include "customer_view.hpp"

namespace tessera {

std::uint64_t built_features(Configuration const& configuration) {
  std::uint64_t features = 0;
  for (auto const& feature : clustered_features(configuration)) {
    features += (feature.encode == Encode::onehot ? feature.max_categories : 1) + (feature.indicator ? 1 : 0);
  }
  return features;
}

std::uint64_t most_features(Configuration const& configuration) {
  auto const features = built_features(configuration);
  auto const& reduction = configuration.reduction;
  if (reduction.method == ReductionMethod::none) return features;
  auto const scores = reduction.components > 0 ? std::min(reduction.components, features) : features;
  return scores + (reduction.use == ReductionUse::besides ? features : 0);
}

}  // namespace tessera
