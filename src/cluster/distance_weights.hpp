// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/comm/communicator.hpp"
#include "tessera/core/fixed_point.hpp"

#include <cstdint>
#include <span>

/// Squared distances as integer weights, so that sampling in proportion to them cannot depend on ranks.
namespace tessera::cluster {

struct DistanceWeights {
  FixedPoint grid;
  std::int64_t mine;   ///< sum of this rank's weights
  std::int64_t total;  ///< of all ranks; 0 only when every distance is zero

  [[nodiscard]] std::int64_t of(float squared_distance) const noexcept {
    return grid.encode(static_cast<double>(squared_distance));
  }
};

/// *Collective.* On the finest grid that the largest of the distances and the number of customers allow.
[[nodiscard]] DistanceWeights weigh(Communicator const& comm, std::span<float const> squared_distances,
                                    std::uint64_t customers);

}  // namespace tessera::cluster
