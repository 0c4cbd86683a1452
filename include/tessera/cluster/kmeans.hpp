// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/cluster/quality.hpp"
#include "tessera/comm/communicator.hpp"
#include "tessera/core/progress.hpp"
#include "tessera/data/matrix.hpp"

#include <cstdint>
#include <string>
#include <vector>

/// Distributed K-means (Lloyd 1982) on float32 with exact sums: the same bits for any number of ranks.
namespace tessera {

enum class KMeansInit { kmeans_parallel, kmeans_plus_plus, random, given };

struct KMeansOptions {
  std::vector<std::uint64_t> k{8};  ///< one model or a sweep
  KMeansInit init = KMeansInit::kmeans_parallel;
  /// For KMeansInit::given: row-major [k, columns] in the matrix's units.
  std::vector<double> initial_centroids{};
  /// The one with the lowest inertia is kept (ties: the first).
  /// Restart r draws with seed + r * 0x9E3779B97F4A7C15.
  std::uint64_t restarts = 1;
  std::uint64_t max_iterations = 300;
  double tolerance =
      0.0;  ///< stop when the squared shift of all centroids is at most this; 0: until nothing moves
  std::uint64_t seed = 0;
  SelectionIndex select_by = SelectionIndex::simplified_silhouette;
};

/// One iteration: assign every customer, then move the centroids.
struct KMeansIteration {
  double inertia = 0;          ///< of the assignment, to the centroids it was made with
  std::uint64_t moved = 0;     ///< customers that changed segment
  double shift = 0;            ///< sum of squared moves of the centroids
  std::uint64_t refilled = 0;  ///< empty segments that were given the farthest customer as their centroid
  double seconds = 0;          ///< maximum over ranks
};

struct KMeansModel {
  std::uint64_t k = 0;
  std::vector<double> centroids;   ///< row-major [k, columns], the matrix's units
  std::vector<std::int64_t> size;  ///< [k] customers
  double inertia = 0;              ///< sum of squared distances to the own centroid
  bool converged = false;
  std::uint64_t restart = 0;  ///< which restart was kept
  std::vector<KMeansIteration> history;
  ClusterQuality quality;
};

struct KMeansResult {
  std::vector<KMeansModel> models;  ///< in the order of options.k
  std::size_t selected = 0;         ///< index into models
  // of the selected model, for this rank's rows
  std::vector<std::int32_t> segment;  ///< [rows]
  std::vector<float> distance;        ///< [rows] to the own centroid
  std::vector<float> margin;          ///< [rows] distance to the runner-up less `distance`; NaN for k = 1
};

/// *Collective.* Clusters the rows of a matrix, which it takes over and centres in place: beyond it, at most
/// 12 bytes a customer are held for one model and 24 for a sweep. A run that max_iterations cuts short may
/// leave a segment without customers. Fails on all ranks with a configuration error for k = 0, k > rows and
/// limits out of range, and with an input error for values that are not finite, for fewer distinct rows than
/// k, and for initial centroids of the wrong shape.
[[nodiscard]] KMeansResult kmeans(Communicator const& comm, Matrix<float> matrix,
                                  KMeansOptions const& options, Progress& progress = Progress::silent());

}  // namespace tessera
