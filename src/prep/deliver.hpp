// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/comm/communicator.hpp"
#include "tessera/data/table.hpp"
#include "tessera/prep/customer_rows.hpp"

#include <cstdint>
#include <functional>
#include <vector>

#include "key_index.hpp"

/// Rows on their way to the ranks of their customers.
namespace tessera::detail {

/// Which rows of a round go to whom: a row may go to several customers, or to none.
struct Addressed {
  std::vector<Key> customer;       ///< [deliveries]
  std::vector<std::uint32_t> row;  ///< [deliveries] of the round, ascending
};

/// *Collective.* Sends the rows, calls take for what arrived, and returns the rows of this rank whose
/// customer is nowhere, ascending. Where a rank would get more than `most_rows` at once, as when one customer
/// has most rows of the table, they come in several parts, and take is called for each.
[[nodiscard]] std::vector<std::uint32_t> deliver(Communicator const& comm, std::vector<Column> const& columns,
                                                 Addressed const& addressed, KeyIndex const& customers,
                                                 std::uint64_t most_rows,
                                                 std::function<void(CustomerRows&&)> const& take);

}  // namespace tessera::detail
