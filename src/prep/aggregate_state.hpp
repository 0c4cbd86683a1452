// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/prep/aggregate.hpp"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "aggregate_plan.hpp"
#include "entry_log.hpp"
#include "value_grid.hpp"

/// What an AggregateFold holds.
namespace tessera::detail {

struct AggregateState {
  AggregateState(TableSpec const& spec, std::vector<AggregateSpec> specs, std::size_t rows);

  TableSpec table;
  AggregatePlan plan;
  std::size_t customers;
  std::optional<std::size_t> date;                                   // index of the date column
  std::int32_t last_day = std::numeric_limits<std::int32_t>::min();  // the latest as_of
  std::vector<std::uint64_t> words;                                  // [customers, plan.empty_row.size()]
  std::vector<std::vector<std::string>> dictionaries;                // [columns], where codes are results
  std::vector<EntryLog<ValueEntry<std::uint32_t>>> value_logs;       // [cells]
  std::vector<EntryLog<ValueEntry<std::uint64_t>>> number_logs;
  std::vector<EntryLog<ValueEntry<Key>>> key_logs;
  std::vector<EntryLog<LevelEntry>> level_logs;
  std::vector<std::int32_t> days;  // of the rows being added
  std::uint64_t after_as_of = 0, without_date = 0;

  /// A customer's words of a cell.
  [[nodiscard]] std::uint64_t const* cell(std::size_t customer, std::size_t index) const {
    return words.data() + customer * plan.empty_row.size() + plan.cells[index].offset;
  }
};

/// Local. Throws the InputError of a value that cannot be added exactly: it names table and column.
[[noreturn]] void throw_beyond_grid(TableSpec const& table, std::size_t column);

/// Local. Throws it unless the value of that column is on the grid.
inline void require_grid(TableSpec const& table, std::size_t column, double value) {
  if (!on_grid(value)) throw_beyond_grid(table, column);
}

}  // namespace tessera::detail
