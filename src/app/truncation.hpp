// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/itemset/mine.hpp"

namespace tessera {

/// Local. Throws ResourceError when mining stopped at its memory limit: what was found is in the result file,
/// and the exit code says that it is not all.
void require_complete(ItemsetResult const& result, ItemsetOptions const& options);

}  // namespace tessera
