// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/app/configuration.hpp"
#include "tessera/comm/communicator.hpp"

#include <cstdint>
#include <string>
#include <vector>

/// Centroids to start K-means from. They are read before anything else, so that what is wrong with them stops
/// a job in its first second rather than after its features are built.
namespace tessera {

struct InitialCentroids {
  std::string source;  ///< "kmeans.centroids = start.h5:/c", for messages
  std::uint64_t columns = 0;
  std::vector<double> values;  ///< [k, columns]; empty: K-means does not start from a file
};

/// *Collective.* The centroids in "FILE.h5:/dataset"; `key` is named in messages. Throws ConfigurationError
/// for a path that names no dataset, InputError for a file that does not hold `k` rows of finite numbers.
[[nodiscard]] InitialCentroids load_initial_centroids(Communicator const& comm, std::string const& path,
                                                      std::string const& key, std::uint64_t k);

/// *Collective.* Those that a configuration names: none unless kmeans.init = "file". Throws InputError also
/// for more columns than the configuration can have features.
[[nodiscard]] InitialCentroids load_initial_centroids(Communicator const& comm,
                                                      Configuration const& configuration);

/// Local. Makes K-means start from the centroids, if there are any. Throws InputError, on all ranks alike,
/// unless they have a column for each feature.
void start_from(InitialCentroids centroids, std::uint64_t features, KMeansOptions& options);

}  // namespace tessera
