// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/io/read_table.hpp"
#include "tessera/prep/place.hpp"
#include "tessera/prep/quality.hpp"

#include "add_aggregates.hpp"

namespace tessera {

/// One cleaned row a customer, with what was made of other tables, and the account of all that was read.
struct PreparedCustomers {
  Placed placed;
  TableQuality quality;
  TableRead read;  ///< of the customers' own table, without rows
  OtherTables others;
};

}  // namespace tessera
