// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/comm/communicator.hpp"
#include "tessera/core/key.hpp"

#include <cstdint>
#include <span>

namespace tessera {

/// *Collective.* How many different values the ranks have in all, exactly; NaN is none, and -0.0 equals 0.0.
/// Each rank sends each of its values once, to the rank that its hash names. Memory: 8 bytes a distinct value
/// of this rank three times over, and as many received.
[[nodiscard]] std::uint64_t count_distinct(Communicator const& comm, std::span<double const> values);

/// *Collective.* The same of keys.
[[nodiscard]] std::uint64_t count_distinct(Communicator const& comm, std::span<Key const> keys);

}  // namespace tessera
