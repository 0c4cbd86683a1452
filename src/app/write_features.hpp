// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/io/result_file.hpp"

#include "findings.hpp"

namespace tessera {

/// *Collective.* /features: how each was made, its statistics, and what they have in common.
void write_features(ResultFile& file, Findings const& found);

}  // namespace tessera
