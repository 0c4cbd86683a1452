// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <limits>
#include <span>

namespace tessera::cluster {

/// A clustering, summed up by segment. Lengths in any one unit.
struct SegmentSummary {
  std::span<double const> centroids;  ///< row-major [k, columns], around the mean of all customers
  std::span<double const> weight;     ///< [k] of their customers: their number, where they have no weights
  std::span<double const> mean_distance;  ///< [k] to the own centroid
  double inertia = 0;
};

inline constexpr double kUndefinedIndex = std::numeric_limits<double>::quiet_NaN();

/// Local. Calinski and Harabasz 1974. NaN where it is not defined: one segment, or as many as customers.
[[nodiscard]] double calinski_harabasz(SegmentSummary const& summary);

/// Local. Davies and Bouldin 1979, over the segments that have customers. NaN for fewer than two.
[[nodiscard]] double davies_bouldin(SegmentSummary const& summary);

}  // namespace tessera::cluster
