// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/comm/communicator.hpp"

#include <cstdint>
#include <span>
#include <vector>

/// Exact order statistics and quantiles of a numeric column over all customers: selection by radix over the
/// ordered bit patterns of the doubles, not a sketch.
namespace tessera {

/// *Collective.* The values at these 0-based positions of the ascending order of all values that are not NaN;
/// each position is below their number, in any order, and the same on every rank. -0.0 counts as 0.0. Five
/// reductions; memory 64 KiB a distinct position and at most 16 bytes a row.
[[nodiscard]] std::vector<double> order_statistics(Communicator const& comm, std::span<double const> values,
                                                   std::span<std::uint64_t const> positions);

/// *Collective.* Exact quantiles at `probabilities` (each in [0, 1]) of the values that are not NaN, linear
/// between neighbouring order statistics (Hyndman and Fan 1996, type 7). NaN when no value is present.
[[nodiscard]] std::vector<double> quantiles(Communicator const& comm, std::span<double const> values,
                                            std::span<double const> probabilities);

}  // namespace tessera
