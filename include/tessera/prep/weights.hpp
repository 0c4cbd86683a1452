// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/comm/communicator.hpp"
#include "tessera/data/table.hpp"

#include <string>
#include <vector>

/// Weights: each customer counts as so many.
namespace tessera {

/// *Collective.* Throws InputError unless every row has a weight in this number column: above 0 and within
/// the range of single precision. For a table as it was read, so that the row that the message counts to can
/// be found in the files; rows that are dropped later, as repetitions of an id, need a weight too. No column
/// (""): nothing to check.
void check_weights(Communicator const& comm, Table const& customers, std::string const& column);

/// Local. The checked column, [rows]; empty without a column.
[[nodiscard]] std::vector<double> weights_of(Table const& customers, std::string const& column);

}  // namespace tessera
