// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/data/table.hpp"

#include "aggregate_state.hpp"

/// The formulas that take what was folded to the values of aggregates; docs/features.md lists them.
namespace tessera::detail {

/// Local. One aggregate of all customers.
[[nodiscard]] Column aggregate_column(AggregateState& state, Recipe const& recipe);

}  // namespace tessera::detail
