// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/data/table.hpp"
#include "tessera/prep/features.hpp"

#include <vector>

/// What can be said against specifications of features before their columns are read.
namespace tessera::detail {

/// Local. Throws ConfigurationError as build_features does.
void check_features(std::vector<FeatureSpec> const& specs, Table const& customers);

}  // namespace tessera::detail
