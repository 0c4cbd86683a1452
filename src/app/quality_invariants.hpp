// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/io/result_reader.hpp"

#include <vector>

#include "invariants.hpp"

namespace tessera {

/// *Collective.* Checks of /quality: each column's bins hold all rows of its table, its missing ones are
/// those of the bins, and no more values differ than are present.
void check_quality(ResultReader const& reader, std::vector<Check>& checks);

/// *Collective.* Checks of /features/reduction: communalities are the sums of squared loadings.
void check_reduction(ResultReader const& reader, std::vector<Check>& checks);

}  // namespace tessera
