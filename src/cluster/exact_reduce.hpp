// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/comm/communicator.hpp"
#include "tessera/core/exact_sum.hpp"

#include <span>
#include <vector>

namespace tessera::cluster {

/// *Collective.* The sums over all ranks, each rounded once. The spans have the same length everywhere.
[[nodiscard]] std::vector<double> all_reduce_exact(Communicator const& comm, std::span<ExactSum> sums);

}  // namespace tessera::cluster
