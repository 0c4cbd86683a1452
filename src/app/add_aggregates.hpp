// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/app/configuration.hpp"
#include "tessera/core/key.hpp"
#include "tessera/core/progress.hpp"
#include "tessera/data/table.hpp"
#include "tessera/io/read_table.hpp"

#include <string>
#include <vector>

namespace tessera {

/// What was read besides the customers' own table.
struct OtherTables {
  std::vector<TableRead> read;        ///< [configuration.tables - 1], in their order, without rows
  std::vector<std::string> warnings;  ///< the same on every rank
};

/// *Collective.* Reads every other table and folds its rows into columns of the placed customers, one for
/// each aggregate and derived feature of the configuration. Throws what reading throws, and InputError for
/// values that cannot be added exactly.
[[nodiscard]] OtherTables add_aggregates(Communicator const& comm, Configuration const& config,
                                         KeyHasher const& hash, Table& customers, Progress& progress);

}  // namespace tessera
