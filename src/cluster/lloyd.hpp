// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/cluster/kmeans.hpp"
#include "tessera/core/progress.hpp"

#include <string>
#include <vector>

#include "customers.hpp"

namespace tessera::cluster {

struct LloydResult {
  std::vector<float> centroids;  ///< row-major [k, columns], stored values
  bool converged = false;
  std::vector<KMeansIteration> history;
};

/// *Collective.* Lloyd's iterations from these centroids (stored values) to options.tolerance or
/// options.max_iterations. `what` names the run in progress messages. Throws InputError where a segment stays
/// empty for want of distinct customers. Holds 4 bytes a customer.
[[nodiscard]] LloydResult lloyd(Communicator const& comm, Customers const& customers,
                                std::vector<float> centroids, KMeansOptions const& options,
                                std::string const& what, Progress& progress);

}  // namespace tessera::cluster
