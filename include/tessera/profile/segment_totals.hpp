// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/comm/communicator.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace tessera {

/// *Collective.* Sum of a value of each segment's customers, exact and then rounded once: [segments].
/// `segment` and `values`: [rows] of this rank, labels from 0 to segments - 1. Memory: 560 bytes a segment.
[[nodiscard]] std::vector<double> segment_totals(Communicator const& comm,
                                                 std::span<std::int32_t const> segment,
                                                 std::span<double const> values, std::uint64_t segments);

}  // namespace tessera
