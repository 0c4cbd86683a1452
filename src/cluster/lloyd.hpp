// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/cluster/kmeans.hpp"
#include "tessera/core/checkpoint.hpp"
#include "tessera/core/progress.hpp"

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "customers.hpp"

namespace tessera::cluster {

/// One model on its way.
template <class T>
struct LloydRun {
  std::string name;              ///< in progress messages
  std::vector<T> centroids;      ///< row-major [k, columns], stored values: the initial ones, then the last
  std::vector<T> assigned_with;  ///< the centroids of the last assignment; empty before the first
  bool converged = false;
  std::vector<KMeansIteration> history;

  [[nodiscard]] bool ended(KMeansOptions const& options) const {
    return converged || history.size() >= options.max_iterations;
  }
};

/// Where iterations may stop. keep(all) is *Collective* and called when `all`, the wishes of all ranks, asks
/// for something.
struct SafePoint {
  Checkpoint& checkpoint;
  std::function<void(Wish const& all)> keep;
};

/// *Collective.* Lloyd's iterations from the initial centroids of each run to options.tolerance or
/// options.max_iterations. The runs advance together: an iteration of all is one pass over the customers and
/// one reduction, and each run ends as it would alone. Runs that are on their way go on from where they are,
/// and those that ended are left alone. Throws InputError where a segment stays empty for want of distinct
/// customers. Holds up to 8.1 bytes a customer and run.
template <class T>
void lloyd(Communicator const& comm, Customers<T> const& customers, std::span<LloydRun<T>> runs,
           KMeansOptions const& options, KMeansWork& work, Progress& progress, SafePoint const& safe_point);

}  // namespace tessera::cluster
