// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/app/configuration.hpp"

#include <cstdint>

namespace tessera {

/// Local. How many columns the matrix of features can have at most: constant features are left out, an
/// indicator is made only where values are missing, and categories may be fewer.
[[nodiscard]] std::uint64_t built_features(Configuration const& configuration);

/// Local. How many the matrix that is clustered can have at most, once a reduction has put its scores in.
[[nodiscard]] std::uint64_t most_features(Configuration const& configuration);

}  // namespace tessera
