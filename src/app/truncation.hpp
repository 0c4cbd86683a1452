// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/itemset/mine.hpp"

namespace tessera {

/// Local. Throws ResourceError when there are more itemsets than allowed: those of higher support are in the
/// result file, and the exit code says that they are not all.
void require_complete(ItemsetSummary const& summary, ItemsetOptions const& options);

}  // namespace tessera
