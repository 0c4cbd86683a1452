// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "tessera/comm/communicator.hpp"
#include "tessera/data/baskets.hpp"
#include "tessera/data/table.hpp"

/// What counts as an item of a customer's basket.
namespace tessera {

struct BinSpec {
  std::string column;  ///< a number column of the customers table
  int quantiles = 5;   ///< bins of about equal size; bins that tied values would leave empty are merged
};

struct ItemSpec {
  std::vector<std::string> columns;  ///< category columns: an item "job=admin." for each value
  std::vector<BinSpec> bins;         ///< an item "balance=[72, 448)" for each bin
};

/// *Collective.* Baskets of the placed customers; a missing value makes no item. Items are numbered by column in
/// configuration order, then by value; a bin's edges are exact quantiles, printed with the fewest digits that read
/// back to the same double; the last bin is closed: "[448, 1787]".
[[nodiscard]] Baskets build_baskets(Communicator const& comm, Table const& customers, ItemSpec const& spec);

}  // namespace tessera
