// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/comm/communicator.hpp"
#include "tessera/core/key.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace tessera {

/// *Collective.* How many different values the ranks have in all, exactly; NaN is none, and -0.0 equals 0.0.
/// Each rank sends each of its values once, to the rank that its hash names. Memory: 8 bytes for each value
/// of this rank, less the repetitions that the last value of each of 4096 hashes gives away, up to three
/// times over while they are gathered; then for each different one twice, and for those received.
[[nodiscard]] std::uint64_t count_distinct(Communicator const& comm, std::span<double const> values);

/// *Collective.* The same of keys, 16 bytes each, which are used up.
[[nodiscard]] std::uint64_t count_distinct(Communicator const& comm, std::vector<Key> keys);

}  // namespace tessera
