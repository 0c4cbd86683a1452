// SPDX-License-Identifier: Apache-2.0
#include "initial_centroids.hpp"

#include "tessera/core/error.hpp"
#include "tessera/io/matrix_reader.hpp"

namespace tessera {

std::vector<double> load_initial_centroids(Communicator const& comm, std::string const& path,
                                           std::string const& key, std::uint64_t k, std::uint64_t features) {
  auto const colon = path.find(":/");
  if (colon == std::string::npos || colon == 0) {
    throw ConfigurationError(key + " = \"" + path + "\" names no dataset", "a file may hold many datasets",
                             "write FILE.h5:/path/of/dataset");
  }
  return read_small_matrix(comm, path.substr(0, colon), path.substr(colon + 1), k, features);
}

}  // namespace tessera
