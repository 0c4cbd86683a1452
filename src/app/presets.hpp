// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/app/configuration.hpp"

#include <string>

namespace tessera {

/// Local. Puts the features that the presets stand for before the others, and removes the presets. Throws
/// ConfigurationError for keys that a preset needs or cannot use.
void expand_presets(Configuration& configuration, std::string const& origin);

}  // namespace tessera
