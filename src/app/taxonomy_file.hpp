// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/comm/communicator.hpp"
#include "tessera/itemset/taxonomy.hpp"

#include <string>

namespace tessera {

/// *Collective.* A taxonomy of items from a file that rank 0 reads; an empty one for an empty path. Throws
/// ConfigurationError, naming `key`, where the file cannot be read, InputError as parse_taxonomy.
[[nodiscard]] Taxonomy load_taxonomy(Communicator const& comm, std::string const& path,
                                     std::string const& key);

}  // namespace tessera
