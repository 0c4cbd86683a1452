// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/cluster/kmeans.hpp"
#include "tessera/comm/communicator.hpp"

#include <span>
#include <vector>

namespace tessera {

/// *Collective.* Means of the customers of each segment of the selected model, row-major [segments, columns]:
/// its centroids. For the cosine distance means of customers brought to length 1, which are the centroids
/// shortened by how far the customers spread: by 1 - mean squared distance / 2. `weight`: [rows], or empty on
/// all ranks. Memory: 8 bytes a customer for the cosine distance.
[[nodiscard]] std::vector<double> segment_means(Communicator const& comm, KMeansResult const& result,
                                                Distance distance, std::span<double const> weight);

}  // namespace tessera
