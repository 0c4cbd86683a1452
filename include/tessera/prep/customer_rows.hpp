// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/comm/communicator.hpp"
#include "tessera/core/key.hpp"
#include "tessera/core/progress.hpp"
#include "tessera/data/table.hpp"
#include "tessera/io/table_stream.hpp"
#include "tessera/prep/bridge.hpp"

#include <cstdint>
#include <functional>
#include <vector>

/// Tables with many rows a customer, brought to their customers in rounds of bounded size.
namespace tessera {

/// Rows of such a table on their customers' rank, grouped by customer. The order of a customer's rows says
/// nothing.
struct CustomerRows {
  std::vector<std::uint32_t> customer;  ///< [rows] the customer's row on this rank, ascending
  std::vector<Column> columns;          ///< [columns of the specification] values of the rows
};

/// What became of a table.
struct JoinedTable {
  TableRead read;                      ///< rejects are those of reading and those below; the table is empty
  std::uint64_t rows = 0;              ///< rows that customers got, over all ranks; more than the table has
                                       ///< where one counts for several owners
  std::uint64_t unknown_customer = 0;  ///< rows rejected because no customer has their id, over all ranks
  std::uint64_t no_bridge = 0;         ///< rows rejected because the bridge does not know their link
};

/// Called once a round on every rank, perhaps with no rows; may communicate. Codes of categories are
/// explained by the stream.
using TakeRows = std::function<void(TableStream const&, CustomerRows&&)>;

/// *Collective.* Reads a table and hands every row to the rank of its customer. `customers` are placed.
/// `bridge`: that of `spec.via`, or nullptr where spec.key is the customer's id. Throws as TableStream does;
/// rows without a customer count for the reject limit. Memory of a rank: at most eight rounds of rows,
/// whatever the length of the table and however its rows are spread over customers; with Owners::all, about
/// 32 bytes besides for every owner of every row of a round.
[[nodiscard]] JoinedTable join_table(Communicator const& comm, TableSpec const& spec, KeyHasher const& hash,
                                     Table const& customers, Bridge const* bridge, Progress& progress,
                                     TakeRows const& take, StreamOptions const& options = {});

}  // namespace tessera
