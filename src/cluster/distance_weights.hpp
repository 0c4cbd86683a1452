// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/comm/communicator.hpp"
#include "tessera/core/fixed_point.hpp"
#include "tessera/core/random.hpp"

#include <cstdint>
#include <span>
#include <type_traits>
#include <vector>

#include "customers.hpp"

/// Squared distances as integer weights, so that sampling in proportion to them cannot depend on ranks.
namespace tessera::cluster {

struct DistanceWeights {
  FixedPoint grid;
  std::vector<std::int64_t> of_stretch;  ///< sums over this rank's stretches of rows
  std::int64_t mine;                     ///< sum of this rank's weights
  std::int64_t total;                    ///< of all ranks; 0 only when every distance is zero
};

/// *Collective.* Of weight * squared distance, on the finest grid that the largest and the number of
/// customers allow. squared_distances: [rows].
template <class T>
[[nodiscard]] DistanceWeights weigh(Communicator const& comm, Customers<T> const& customers,
                                    std::type_identity_t<std::span<T const>> squared_distances);

/// Local. `count` draws of a round from [0, weights.total), which is not empty.
[[nodiscard]] std::vector<std::int64_t> draw_targets(DistanceWeights const& weights, std::size_t count,
                                                     Draw const& draw, std::uint32_t round);

/// *Collective.* For each target, ascending, the customer on whom the running sum of weights, in global
/// order, first exceeds it: those who are this rank's, some of them more than once. targets: each in [0,
/// weights.total), the same on every rank.
template <class T>
[[nodiscard]] std::vector<LocalRow> rows_at(Communicator const& comm, Customers<T> const& customers,
                                            DistanceWeights const& weights,
                                            std::type_identity_t<std::span<T const>> squared_distances,
                                            std::vector<std::int64_t> targets);

}  // namespace tessera::cluster
