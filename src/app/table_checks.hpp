// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/app/configuration.hpp"

#include <string>

namespace tessera {

/// Local. Throws ConfigurationError unless every table can be read, and its rows told to their customers, as
/// the configuration says. `origin` names its file.
void check_tables(Configuration const& configuration, std::string const& origin);

}  // namespace tessera
