// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/prep/features.hpp"

#include <string>
#include <vector>

/// Features that say almost the same: each counts in a distance, so what they share counts twice.
namespace tessera {

struct CorrelatedFeatures {
  std::string a, b;  ///< in the order of the features
  double r = 0;
};

/// Local. All pairs with |r| of at least `threshold`, in the order of the features.
[[nodiscard]] std::vector<CorrelatedFeatures> correlated_features(FeatureSet const& features,
                                                                  double threshold);

/// Local. Leaves out each feature that correlates so with an earlier one that stays, with a warning for each;
/// the first always stays. The matrix is compacted in place.
template <class T>
void drop_correlated(Features<T>& features, double threshold);

extern template void drop_correlated(Features<float>&, double);
extern template void drop_correlated(Features<double>&, double);

}  // namespace tessera
