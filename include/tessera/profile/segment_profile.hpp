// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/comm/communicator.hpp"
#include "tessera/data/baskets.hpp"
#include "tessera/stats/matrix_moments.hpp"

#include <cstdint>
#include <span>
#include <vector>

/// What distinguishes the segments of a model from the whole base.
namespace tessera {

struct SegmentProfiles {
  /// (mean of the segment - mean of the base) / standard deviation of the base, row-major [segments,
  /// features]; 0 for a feature that does not vary.
  std::vector<double> effect_size;
  std::vector<std::int64_t> item_support;  ///< customers that hold each item, row-major [segments, items]
};

/// *Collective.* `segment` [rows] labels the baskets' rows; `means`, row-major [segments, features], and
/// `base` describe the segments and all customers in the same units.
[[nodiscard]] SegmentProfiles profile_segments(Communicator const& comm, std::span<double const> means,
                                               MatrixMoments const& base, Baskets const& baskets,
                                               std::span<std::int32_t const> segment);

}  // namespace tessera
