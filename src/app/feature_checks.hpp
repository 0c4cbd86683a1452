// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/app/configuration.hpp"

#include <string>

namespace tessera {

/// Local. Fills in the defaults of features and checks that each can be made: that it has one source, that
/// tables and columns exist and fit, that names are distinct. Throws ConfigurationError.
void complete_and_check_features(Configuration& configuration, std::string const& origin);

}  // namespace tessera
