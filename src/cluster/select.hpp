// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/cluster/kmeans.hpp"

namespace tessera::cluster {

/// Local. Whether `challenger` takes the place of `holder`: it has the better index, or the same and fewer
/// segments. An index that is not defined (NaN) loses against one that is, and never wins.
[[nodiscard]] bool is_better(KMeansModel const& challenger, KMeansModel const& holder, SelectionIndex index);

}  // namespace tessera::cluster
