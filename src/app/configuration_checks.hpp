// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/app/configuration.hpp"

#include <string>

namespace tessera {

/// Local. Fills in defaults that depend on other keys and checks what a single key cannot tell: that names
/// refer to something, that types fit, that settings go together. Throws ConfigurationError.
void complete_and_check(Configuration& configuration, std::string const& origin);

}  // namespace tessera
