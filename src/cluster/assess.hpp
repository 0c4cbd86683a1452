// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/cluster/quality.hpp"

#include <cstdint>
#include <span>
#include <vector>

#include "customers.hpp"

namespace tessera::cluster {

/// Customers set beside final centroids; distances in the caller's units, from differences, not from scores.
struct Assessment {
  std::vector<std::int32_t> segment;  ///< [rows]
  std::vector<float> distance;        ///< [rows] to the own centroid
  std::vector<float> margin;          ///< [rows] distance to the runner-up less `distance`; NaN for k = 1
  std::vector<std::int64_t> size;     ///< [k] over all ranks
  double inertia = 0;                 ///< over all ranks, weighted
  ClusterQuality quality;
};

/// *Collective.* One pass; 12 bytes a customer, all of it result. centroids: row-major [k, columns], stored
/// values.
template <class T>
[[nodiscard]] Assessment assess(Communicator const& comm, Customers<T> const& customers,
                                std::vector<T> const& centroids);

}  // namespace tessera::cluster
