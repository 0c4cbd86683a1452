// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/comm/communicator.hpp"
#include "tessera/data/table.hpp"
#include "tessera/io/table_spec.hpp"

#include <cstdint>

namespace tessera {

struct Placed {
  Table table;                   ///< one row a customer, ascending by key; blocks filled in
  std::uint64_t duplicates = 0;  ///< rows dropped because a row with the same id was kept, over all ranks
};

/// *Collective.* Sends every row to the rank that owns its key and sorts by key: the global order of
/// customers. The number of key blocks is chosen from the rows given, over all ranks, repeated ids included.
/// Throws InputError for repeated ids unless `spec.duplicates` chooses the first or last by `spec.order_by`
/// (missing comes first); rows that tie there are ordered by all their values, so that the choice does not
/// depend on file order. Throws ConfigurationError when that column is not named or not there. Memory: one
/// column more than the table, and 40 bytes a row.
[[nodiscard]] Placed place_customers(Communicator const& comm, Table table, TableSpec const& spec);

}  // namespace tessera
