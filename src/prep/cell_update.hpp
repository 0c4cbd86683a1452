// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/prep/customer_rows.hpp"

#include <cstdint>
#include <span>

#include "aggregate_state.hpp"

/// Rows folded into one kind of accumulator.
namespace tessera::detail {

/// Local. Adds the `chosen` rows to their customers' accumulators of a cell. Throws InputError for a value
/// beyond the grid.
void update_cell(AggregateState& state, Cell const& cell, CustomerRows const& rows,
                 std::span<std::uint32_t const> chosen);

}  // namespace tessera::detail
