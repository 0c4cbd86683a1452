// SPDX-License-Identifier: Apache-2.0
#include "distance_weights.hpp"

#include "tessera/comm/collectives.hpp"

#include <algorithm>

namespace tessera::cluster {

DistanceWeights weigh(Communicator const& comm, std::span<float const> squared_distances,
                      std::uint64_t customers) {
  float largest = 0;
  for (float const distance : squared_distances) largest = std::max(largest, distance);
  largest = all_reduce(comm, largest, Reduce::maximum);
  DistanceWeights out{FixedPoint::for_sum(static_cast<double>(largest), customers), 0, 0};
  for (float const distance : squared_distances) out.mine += out.of(distance);
  out.total = all_reduce(comm, out.mine, Reduce::sum);
  return out;
}

}  // namespace tessera::cluster
