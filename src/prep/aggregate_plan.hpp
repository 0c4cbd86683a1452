// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/prep/aggregate.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

#include "row_filter.hpp"

/// What a fold has to keep of each customer so that all aggregates of a table can be told in the end: cells
/// of accumulators, laid out one customer after another, shared by aggregates that need the same.
namespace tessera::detail {

enum class CellKind {
  count,         ///< rows
  sum,           ///< of values on the grid, int128
  squares,       ///< of values on the grid, 256 bits
  month_sum,     ///< of values on the grid times months before as_of's, 192 bits
  min,           ///< double; infinite without rows
  max,           ///< double; infinite without rows
  first_day,     ///< the largest int64 without rows
  last_day,      ///< the smallest int64 without rows
  first_number,  ///< (time, value); of several at the same time the smallest value
  last_number,   ///< (time, value); of several at the same time the largest value
  first_code,    ///< (time, code); ties by the category's bytes
  last_code,     ///< (time, code)
  codes,         ///< distinct codes: a bitset of the lowest 64, a log of others
  months,        ///< distinct months before as_of's, likewise
  days,          ///< distinct days before as_of, likewise
  numbers,       ///< distinct numbers: a log
  keys,          ///< distinct ids: a log
  levels,        ///< the last value of each day: a log
};

struct Cell {
  CellKind kind = CellKind::count;
  std::size_t filter = 0;  ///< index into the plan's filters
  std::size_t column = 0;  ///< whose values; 0 where they do not matter
  std::int32_t as_of = 0;  ///< reference of days and months
  std::size_t words = 0;   ///< 64-bit words a customer
  std::size_t offset = 0;  ///< of its first word in a customer's row
};

/// An aggregate with the cells it is told from.
struct Recipe {
  AggregateSpec spec;
  ColumnType type = ColumnType::real;  ///< of the result
  std::vector<std::size_t> cells;      ///< in the order that the formula of its kind expects
};

struct AggregatePlan {
  std::vector<RowFilter> filters;
  std::vector<Cell> cells;
  std::vector<Recipe> recipes;
  std::vector<std::uint64_t> empty_row;  ///< a customer's row before any of its rows came
};

/// Local. Precondition: the specifications are checked.
[[nodiscard]] AggregatePlan plan_aggregates(TableSpec const& table, std::vector<AggregateSpec> specs);

}  // namespace tessera::detail
