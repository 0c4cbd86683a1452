// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/comm/communicator.hpp"
#include "tessera/data/table.hpp"
#include "tessera/io/table_spec.hpp"

#include <cstdint>
#include <vector>

/// The categories of a whole table, cleaned: dictionaries are, not rows, since a column has few values and
/// many rows.
namespace tessera {

/// *Collective.* Cleans all category columns of a table as it was read. `columns`: the table's, in their
/// order. Returns, for each column, how many rows over all ranks have another value now, or none.
std::vector<std::uint64_t> clean_categories(Communicator const& comm, Table& table,
                                            std::vector<ColumnSpec> const& columns);

/// *Collective.* Gives the categories that less than rare.min_share of the rows with a value have the value
/// rare.name, in every column that asks for it; for the placed table of customers. A category that has that
/// name already is joined. Returns, for each column, how many rows over all ranks have another value now.
std::vector<std::uint64_t> fold_rare_categories(Communicator const& comm, Table& customers,
                                                std::vector<ColumnSpec> const& columns);

}  // namespace tessera
