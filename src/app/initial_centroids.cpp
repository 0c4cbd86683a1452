// SPDX-License-Identifier: Apache-2.0
#include "initial_centroids.hpp"

#include "tessera/core/error.hpp"
#include "tessera/io/matrix_reader.hpp"

namespace tessera {

std::pair<std::string, std::string> split_dataset_path(std::string const& text, std::string const& key) {
  auto const colon = text.find(":/");
  if (colon == std::string::npos || colon == 0) {
    throw ConfigurationError(key + " = \"" + text + "\" names no dataset", "a file may hold many datasets",
                             "write FILE.h5:/path/of/dataset");
  }
  return {text.substr(0, colon), text.substr(colon + 1)};
}

std::vector<double> load_initial_centroids(Communicator const& comm, Configuration const& config) {
  if (config.kmeans.init != KMeansInit::given) return {};
  auto const [file, dataset] = split_dataset_path(config.kmeans_centroids, "kmeans.centroids");
  return read_small_matrix(comm, file, dataset).values;
}

}  // namespace tessera
