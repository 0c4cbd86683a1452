// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "tessera/comm/communicator.hpp"
#include "tessera/data/table.hpp"
#include "tessera/io/table_spec.hpp"

namespace tessera {

struct Placed {
  Table table;                   ///< one row a customer, ascending by key; blocks filled in
  std::uint64_t duplicates = 0;  ///< rows dropped because a row with the same id was kept, over all ranks
};

/// *Collective.* Sends every row to the rank that owns its key and sorts by key: the global order of customers.
/// Throws InputError for repeated ids unless `spec.duplicates` chooses the first or last by `spec.order_by`; rows
/// that tie there are ordered by all their values, so that the choice does not depend on file order.
[[nodiscard]] Placed place_customers(Communicator const& comm, Table table, TableSpec const& spec);

}  // namespace tessera
