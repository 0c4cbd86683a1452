// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/comm/communicator.hpp"

#include <span>
#include <vector>

namespace tessera {

/// *Collective.* q-values over the p-values of all ranks (Benjamini and Hochberg, "Controlling the false
/// discovery rate", 1995): q(p) is the least p' m / #{p-values <= p'} over the p-values p' >= p, m their
/// number over all ranks. Returns those of `wanted`, each one of the p-values of some rank. p-values are
/// sorted over the ranks by samples, so that no rank holds all of them; the result does not depend on who
/// holds which.
[[nodiscard]] std::vector<double> benjamini_hochberg(Communicator const& comm, std::vector<double> p_values,
                                                     std::span<double const> wanted);

}  // namespace tessera
