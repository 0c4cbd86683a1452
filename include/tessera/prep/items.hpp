// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/comm/communicator.hpp"
#include "tessera/data/baskets.hpp"
#include "tessera/data/table.hpp"

#include <string>
#include <vector>

/// What counts as an item of a customer's basket.
namespace tessera {

/// Whether the names of the outermost bins tell the smallest and the largest value.
enum class BinEnds { shown, open };

struct BinSpec {
  std::string column;  ///< a number, date or datetime column of the customers table
  int quantiles =
      5;  ///< 2 or more bins of about equal size; bins that tied values would leave empty are merged
  BinEnds ends =
      BinEnds::shown;  ///< open: for a sensitive column, whose extremes are single customers' values
};

struct ItemSpec {
  std::vector<std::string> columns;  ///< category columns: an item "job=admin." for each value
  std::vector<BinSpec> bins;         ///< an item "balance=[72, 448)" for each bin
};

/// *Collective.* Baskets of the placed customers; a missing value makes no item, and a category that nobody
/// has is none. Items are numbered by column in configuration order, category columns first, then by value; a
/// bin's lower edges are exact quantiles (of whole numbers and dates: rounded up, which moves nobody),
/// printed with the fewest digits that read back to the same double; the last bin is closed: "[448, 1787]".
/// With open ends the outermost are "<72" and ">=448". Throws ConfigurationError for a column that is not
/// there or of another type, fewer than 2 quantiles, and items that would have the same name.
[[nodiscard]] Baskets build_baskets(Communicator const& comm, Table const& customers, ItemSpec const& spec);

}  // namespace tessera
