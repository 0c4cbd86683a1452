// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "tessera/app/configuration.hpp"

namespace tessera {

/// Local. Splits "FILE.h5:/dataset". Throws ConfigurationError that names `key` when there is no ":/".
[[nodiscard]] std::pair<std::string, std::string> split_dataset_path(std::string const& text, std::string const& key);

/// *Collective.* The centroids that kmeans.init = "file" names, row-major [k, features]; empty for other starts.
[[nodiscard]] std::vector<double> load_initial_centroids(Communicator const& comm, Configuration const& config);

}  // namespace tessera
