// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/comm/communicator.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace tessera {

/// *Collective.* The centroids in "FILE.h5:/dataset", row-major [k, features]; `key` is named in messages.
/// Throws ConfigurationError for a path that names no dataset, InputError for a file that does not hold such
/// a matrix.
[[nodiscard]] std::vector<double> load_initial_centroids(Communicator const& comm, std::string const& path,
                                                         std::string const& key, std::uint64_t k,
                                                         std::uint64_t features);

}  // namespace tessera
