// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/comm/communicator.hpp"

#include <span>
#include <vector>

namespace tessera {

/// *Collective.* Fractional ranks in (0, 1): (values below + half of the values equal, itself included) /
/// count; NaN stays NaN. Ties share their mean rank; -0.0 equals 0.0. Every rank answers for a range of
/// values (a parallel sort by regular sampling: Shi and Schaeffer 1992) and is told of each distinct value of
/// each other rank once, so that a value that dominates the column overloads nobody. Memory about 100 bytes a
/// row.
[[nodiscard]] std::vector<double> fractional_ranks(Communicator const& comm, std::span<double const> values);

}  // namespace tessera
