// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/cluster/quality.hpp"
#include "tessera/comm/communicator.hpp"
#include "tessera/core/checkpoint.hpp"
#include "tessera/core/progress.hpp"
#include "tessera/data/matrix.hpp"

#include <cstdint>
#include <string>
#include <vector>

/// Distributed K-means (Lloyd 1982) in float or double with exact sums: the same bits for any number of
/// ranks.
namespace tessera {

enum class KMeansInit { kmeans_parallel, kmeans_plus_plus, random, given };

/// Cosine: of rows brought to length 1, to centroids brought to length 1 (Dhillon and Modha, "Concept
/// decompositions for large sparse text data using clustering", 2001). Its squared distances are 2 (1 - cos).
enum class Distance { euclidean, cosine };

/// Whether customers whose segment cannot have changed are left out of an iteration. The result is the same.
enum class Pruning { automatic, always, never };

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
  Distance distance = Distance::euclidean;
  Pruning pruning = Pruning::automatic;
  /// How many models (values of k times restarts) advance together, sharing passes and messages; 0: all.
  std::uint64_t together = 0;
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
  double inertia = 0;              ///< sum of squared distances to the own centroid, weighted
  bool converged = false;
  std::uint64_t restart = 0;  ///< which restart was kept
  std::vector<KMeansIteration> history;
  ClusterQuality quality;
};

/// What the iterations of all models cost.
struct KMeansWork {
  std::uint64_t messages = 0;     ///< reductions over all ranks: one an iteration for all models together
  std::uint64_t bytes = 0;        ///< of the largest of these messages
  std::uint64_t assignments = 0;  ///< iterations, summed over models
  double scanned = 0;  ///< customers whose distances were computed, over customers, summed likewise
};

struct KMeansResult {
  std::vector<KMeansModel> models;  ///< in the order of options.k
  std::size_t selected = 0;         ///< index into models
  KMeansWork work;
  // of the selected model, for this rank's rows
  std::vector<std::int32_t> segment;  ///< [rows]
  std::vector<float> distance;        ///< [rows] to the own centroid
  std::vector<float> margin;          ///< [rows] distance to the runner-up less `distance`; NaN for k = 1
};

/// *Collective.* Clusters the rows of a matrix, which it takes over and centres in place: beyond it, at most
/// 16 bytes a customer are held for one model, in a sweep 8 more for each further model that advances at the
/// same time, and 12 for the best so far. `weight`: [rows], or empty on all ranks. A run that max_iterations
/// cuts short may leave a segment without customers. What it keeps at a checkpoint are centroids; labels and
/// bounds are found again from those, and a run that goes on from them ends with the same bits. Fails on all
/// ranks with a configuration error for k = 0, k > rows and limits out of range, and with an input error for
/// values that are not finite, for weights that are not positive, for fewer distinct rows than k, and for
/// initial centroids of the wrong shape.
template <class T>
[[nodiscard]] KMeansResult kmeans(Communicator const& comm, Matrix<T> matrix, KMeansOptions const& options,
                                  Progress& progress = Progress::silent(), std::vector<T> weight = {},
                                  Checkpoint& checkpoint = Checkpoint::none());

extern template KMeansResult kmeans(Communicator const&, Matrix<float>, KMeansOptions const&, Progress&,
                                    std::vector<float>, Checkpoint&);
extern template KMeansResult kmeans(Communicator const&, Matrix<double>, KMeansOptions const&, Progress&,
                                    std::vector<double>, Checkpoint&);

}  // namespace tessera
