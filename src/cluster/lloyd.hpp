// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/cluster/kmeans.hpp"
#include "tessera/core/progress.hpp"

#include <span>
#include <string>
#include <vector>

#include "customers.hpp"

namespace tessera::cluster {

/// One model on its way.
template <class T>
struct LloydRun {
  std::string name;          ///< in progress messages
  std::vector<T> centroids;  ///< row-major [k, columns], stored values: the initial ones, then the last
  bool converged = false;
  std::vector<KMeansIteration> history;
};

/// *Collective.* Lloyd's iterations from the initial centroids of each run to options.tolerance or
/// options.max_iterations. The runs advance together: an iteration of all is one pass over the customers and
/// one reduction, and each run ends as it would alone. Throws InputError where a segment stays empty for want
/// of distinct customers. Holds up to 8.1 bytes a customer and run.
template <class T>
void lloyd(Communicator const& comm, Customers<T> const& customers, std::span<LloydRun<T>> runs,
           KMeansOptions const& options, KMeansWork& work, Progress& progress);

}  // namespace tessera::cluster
