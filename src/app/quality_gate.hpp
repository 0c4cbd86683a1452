// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/app/configuration.hpp"
#include "tessera/prep/quality.hpp"

namespace tessera {

/// Local; all ranks alike. Throws InputError that names every gate of [quality] that the customers' table
/// does not pass, with column, value and limit.
void require_quality(Configuration const& configuration, TableQuality const& quality);

}  // namespace tessera
