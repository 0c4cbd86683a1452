// SPDX-License-Identifier: Apache-2.0
#include "aggregate_values.hpp"

#include "tessera/core/error.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>

#include "customer_cells.hpp"
#include "value_grid.hpp"
#include <fmt/format.h>

namespace tessera::detail {

namespace {

/// Distinct values of each customer: bits, and entries of a log.
std::vector<double> set_sizes(AggregateState& state, std::size_t index) {
  auto const& cell = state.plan.cells[index];
  std::vector<double> out(state.customers, 0.0);
  for (std::size_t customer = 0; customer < out.size(); ++customer) {
    auto const* const words = state.cell(customer, index);
    int set = 0;
    for (std::size_t w = 0; w < cell.words; ++w) set += std::popcount(words[w]);
    out[customer] = set;
  }
  auto const add = [&](auto& log) {
    for (auto const& entry : log.sorted()) out[entry.customer] += 1.0;
  };
  add(state.value_logs[index]);
  add(state.number_logs[index]);
  add(state.key_logs[index]);
  return out;
}

std::vector<double> gaps(AggregateState& state, Recipe const& recipe) {
  auto out = set_sizes(state, recipe.cells[0]);
  for (std::size_t customer = 0; customer < out.size(); ++customer) {
    CustomerCells const cells(state, recipe, customer);
    out[customer] = out[customer] < 2.0
                        ? kMissingNumber
                        : static_cast<double>(cells.day(2) - cells.day(1)) / (out[customer] - 1.0);
  }
  return out;
}

/// Each day has the balance of the latest row until then; the mean is of the days from the first balance
/// known (at the earliest the window's first day) to as_of, both included.
std::vector<double> time_means(AggregateState& state, Recipe const& recipe) {
  auto const& spec = recipe.spec;
  std::int64_t const end = *spec.as_of;
  std::int64_t const begin = end - static_cast<std::int64_t>(spec.window_days) + 1;
  auto const& entries = state.level_logs[recipe.cells[0]].sorted();
  std::vector<double> out(state.customers, kMissingNumber);
  auto entry = entries.begin();
  for (std::size_t customer = 0; customer < state.customers; ++customer) {
    Int128 sum = 0;
    std::int64_t days = 0, since = 0;
    double level = kMissingNumber;
    auto const stand_until = [&](std::int64_t day) {
      if (std::isnan(level)) return;
      sum += steps_of(level) * (day - since);
      days += day - since;
    };
    if (recipe.cells.size() > 1) {
      CustomerCells const cells(state, recipe, customer);
      if (std::isfinite(cells.number(1))) {
        level = cells.number(1, 1);
        require_grid(state.table, state.plan.cells[recipe.cells[1]].column, level);
        since = begin;
      }
    }
    for (; entry != entries.end() && entry->customer == customer; ++entry) {
      stand_until(entry->day);
      level = entry->value;
      since = entry->day;
    }
    stand_until(end + 1);
    if (days > 0) out[customer] = value_of(sum) / static_cast<double>(days);
  }
  return out;
}

/// A first or last category, with the codes in the order of the values.
CategoryColumn category_column(AggregateState const& state, Recipe const& recipe) {
  auto const& values = state.dictionaries[state.plan.cells[recipe.cells[0]].column];
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
  CategoryColumn out;
  std::vector<std::int32_t> code_of(values.size());
  for (auto const value : order) {
    code_of[value] = static_cast<std::int32_t>(out.categories.size());
    out.categories.push_back(values[value]);
  }
  out.codes.reserve(state.customers);
  for (std::size_t customer = 0; customer < state.customers; ++customer) {
    CustomerCells const cells(state, recipe, customer);
    out.codes.push_back(std::isfinite(cells.number(0)) ? code_of[static_cast<std::size_t>(cells.words(0)[1])]
                                                       : kMissingCode);
  }
  return out;
}

std::vector<double> numbers_from(AggregateState& state, Recipe const& recipe) {
  switch (recipe.spec.kind) {
    case Aggregate::distinct:
    case Aggregate::active_months:
      return set_sizes(state, recipe.cells[0]);
    case Aggregate::gap:
      return gaps(state, recipe);
    case Aggregate::time_mean:
      return time_means(state, recipe);
    default:
      break;
  }
  std::vector<double> out;
  out.reserve(state.customers);
  for (std::size_t customer = 0; customer < state.customers; ++customer)
    out.push_back(value_from(CustomerCells(state, recipe, customer), recipe.spec));
  return out;
}

}  // namespace

Column aggregate_column(AggregateState& state, Recipe const& recipe) {
  Column out{recipe.spec.name, recipe.type, NumberColumn{}};
  if (recipe.type == ColumnType::category) {
    out.data = category_column(state, recipe);
  } else {
    out.data = NumberColumn{numbers_from(state, recipe)};
  }
  return out;
}

}  // namespace tessera::detail

namespace tessera {

std::vector<Column> AggregateFold::finish() {
  auto& state = *state_;
  for (std::size_t i = 0; i < state.plan.cells.size(); ++i) {
    if (state.plan.cells[i].kind != detail::CellKind::count) continue;
    for (std::size_t customer = 0; customer < state.customers; ++customer) {
      if (state.cell(customer, i)[0] <= detail::kMostRowsOfACustomer) continue;
      throw InputError(fmt::format("table \"{}\" has 2^32 rows or more of one customer", state.table.name),
                       "sums of so many values are not exact any more",
                       "most likely an id stands for many customers: have its rows rejected, or aggregate a "
                       "shorter window");
    }
  }
  std::vector<Column> out;
  out.reserve(state.plan.recipes.size());
  for (auto const& recipe : state.plan.recipes) out.push_back(detail::aggregate_column(state, recipe));
  return out;
}

}  // namespace tessera
