// SPDX-License-Identifier: Apache-2.0
#include "aggregate_state.hpp"

#include "tessera/core/error.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace tessera::detail {

AggregateState::AggregateState(TableSpec const& spec, std::vector<AggregateSpec> specs, std::size_t rows)
    : table(spec),
      plan(plan_aggregates(spec, std::move(specs))),
      customers(rows),
      date(index_of_column(spec, spec.date)),
      dictionaries(spec.columns.size()),
      value_logs(plan.cells.size()),
      number_logs(plan.cells.size()),
      key_logs(plan.cells.size()),
      level_logs(plan.cells.size()) {
  words.reserve(customers * plan.empty_row.size());
  for (std::size_t i = 0; i < customers; ++i)
    words.insert(words.end(), plan.empty_row.begin(), plan.empty_row.end());
  for (auto const& recipe : plan.recipes)
    last_day = std::max(last_day, recipe.spec.as_of.value_or(std::numeric_limits<std::int32_t>::max()));
}

void throw_beyond_grid(TableSpec const& table, std::size_t column) {
  auto const& name = table.columns[column].name;
  throw InputError(
      fmt::format("table \"{}\": a value of column \"{}\" is 2^47 (1.4e14) or more in magnitude", table.name,
                  name),
      "sums are exact on a grid that ends there, so that no order of the rows can change them",
      fmt::format(
          "have such rows rejected by min and max of [table.column.{}], or keep the column in a larger "
          "unit",
          name));
}

}  // namespace tessera::detail
