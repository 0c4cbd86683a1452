// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/cluster/kmeans.hpp"
#include "tessera/core/archive.hpp"

#include <cstdint>
#include <optional>
#include <vector>

#include "lloyd.hpp"

/// Where a clustering is: all that another job needs to go on with it.
namespace tessera {

template <class Archive, Same<KMeansIteration> Value>
void fields(Archive& archive, Value& iteration) {
  archive(iteration.inertia, iteration.moved, iteration.shift, iteration.refilled, iteration.seconds);
}

template <class Archive, Same<KMeansWork> Value>
void fields(Archive& archive, Value& work) {
  archive(work.messages, work.bytes, work.assignments, work.scanned);
}

namespace cluster {

template <class T>
struct Best {
  std::uint64_t restart = 0;
  LloydRun<T> run;
};

template <class T>
struct KMeansState {
  std::uint64_t ended = 0;        ///< models that ended, of all values of k times restarts
  std::vector<LloydRun<T>> runs;  ///< those that advance together now; empty before they have centroids
  std::vector<std::optional<Best<T>>> best;  ///< [values of k]
  KMeansWork work;
};

template <class Archive, class Run>
requires Same<Run, LloydRun<float>> || Same<Run, LloydRun<double>>
void fields(Archive& archive, Run& run) {
  archive(run.name, run.centroids, run.assigned_with, run.converged, run.history);
}

template <class Archive, class Value>
requires Same<Value, Best<float>> || Same<Value, Best<double>>
void fields(Archive& archive, Value& best) {
  archive(best.restart, best.run);
}

template <class Archive, class Value>
requires Same<Value, KMeansState<float>> || Same<Value, KMeansState<double>>
void fields(Archive& archive, Value& state) {
  archive(state.ended, state.runs, state.best, state.work);
}

}  // namespace cluster
}  // namespace tessera
