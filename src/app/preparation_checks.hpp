// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/app/configuration.hpp"

#include <cstddef>
#include <string>

namespace tessera {

/// Local. Throws ConfigurationError, which names the feature's key, unless the feature's values can be
/// encoded, winsorised and imputed as it says. Precondition: it has a source.
void check_preparation(Configuration const& configuration, std::size_t index, std::string const& origin);

}  // namespace tessera
