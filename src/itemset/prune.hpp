// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/itemset/tree.hpp"

namespace tessera {

/// Local. The tree without the nodes that are neither reported nor on the way to a reported one.
[[nodiscard]] ItemsetTree prune(ItemsetTree const& tree);

}  // namespace tessera
