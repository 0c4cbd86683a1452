// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <vector>

#include "tessera/comm/communicator.hpp"
#include "tessera/core/exact_sum.hpp"

namespace tessera {

/// *Collective.* Adds exact sums over ranks, one all_reduce for all of them, and rounds each once.
[[nodiscard]] std::vector<double> exact_totals(Communicator const& comm, std::span<ExactSum> sums);

}  // namespace tessera
