// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "tessera/cluster/kmeans.hpp"
#include "tessera/comm/communicator.hpp"
#include "tessera/data/baskets.hpp"
#include "tessera/stats/matrix_moments.hpp"

/// What distinguishes the segments of a model from the whole base.
namespace tessera {

/// *Local.* Standardised differences (centroid - mean of the base) / standard deviation of the base, row-major
/// [segments, features]; 0 for a feature that does not vary.
[[nodiscard]] std::vector<double> effect_sizes(KMeansModel const& model, MatrixMoments const& base);

/// *Collective.* Customers of each segment that hold each item: row-major [segments, items].
/// `segment` [rows] labels the baskets' rows with 0 .. segments - 1.
[[nodiscard]] std::vector<std::int64_t> item_support_by_segment(Communicator const& comm, Baskets const& baskets,
                                                                std::span<std::int32_t const> segment,
                                                                std::uint64_t segments);

}  // namespace tessera
