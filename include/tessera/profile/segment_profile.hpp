// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/cluster/kmeans.hpp"
#include "tessera/comm/communicator.hpp"
#include "tessera/data/baskets.hpp"
#include "tessera/stats/matrix_moments.hpp"

#include <cstdint>
#include <span>
#include <vector>

/// What distinguishes the segments of a model from the whole base.
namespace tessera {

struct SegmentProfiles {
  /// (centroid - mean of the base) / standard deviation of the base, row-major [segments, features]; 0 for a
  /// feature that does not vary.
  std::vector<double> effect_size;
  std::vector<std::int64_t> item_support;  ///< customers that hold each item, row-major [segments, items]
};

/// *Collective.* `segment` [rows] labels the baskets' rows with segments of `model`; `base` describes the
/// matrix that the model was made from.
[[nodiscard]] SegmentProfiles profile_segments(Communicator const& comm, KMeansModel const& model,
                                               MatrixMoments const& base, Baskets const& baskets,
                                               std::span<std::int32_t const> segment);

}  // namespace tessera
