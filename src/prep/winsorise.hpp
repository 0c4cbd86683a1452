// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/comm/communicator.hpp"

#include <array>
#include <cstdint>
#include <span>

/// Extreme values moved to quantiles (Tukey 1962), so that a few customers do not stretch a feature's scale.
namespace tessera::detail {

struct Winsorised {
  std::array<double, 2> bounds;  ///< the quantiles
  std::uint64_t values = 0;      ///< moved, over all ranks
};

/// *Collective.* Moves what is below or above the exact quantiles at these probabilities to them; NaN stays.
/// Precondition: some value is present.
Winsorised winsorise(Communicator const& comm, std::array<double, 2> const& probabilities,
                     std::span<double> values);

}  // namespace tessera::detail
