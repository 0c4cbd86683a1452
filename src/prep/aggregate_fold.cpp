// SPDX-License-Identifier: Apache-2.0
#include "tessera/prep/aggregate.hpp"

#include <algorithm>
#include <span>
#include <utility>

#include "aggregate_state.hpp"
#include "calendar.hpp"
#include "cell_update.hpp"

namespace tessera {

namespace {

using detail::CellKind;

/// Rows at a time: their masks and the customers' accumulators that they touch stay in the cache.
constexpr std::size_t kBatch = 2048;

/// Days of all rows; and how many rows no aggregate can use, because of them.
void read_days(detail::AggregateState& state, CustomerRows const& rows) {
  if (!state.date) return;
  auto const& values = std::get<NumberColumn>(rows.columns[*state.date].data).values;
  auto const type = state.table.columns[*state.date].type;
  state.days.resize(values.size());
  for (std::size_t row = 0; row < values.size(); ++row) {
    auto const day = detail::day_of(values[row], type);
    state.days[row] = day;
    state.without_date += day == detail::kNoDay ? 1 : 0;
    state.after_as_of += day > state.last_day ? 1 : 0;
  }
}

void learn(detail::AggregateState& state, Dictionaries const& dictionaries) {
  for (auto& filter : state.plan.filters) {
    for (auto& set : filter.code_sets()) set.extend(dictionaries(set.column()));
  }
  for (auto const& cell : state.plan.cells) {
    if (cell.kind != CellKind::first_code && cell.kind != CellKind::last_code) continue;
    auto const& values = dictionaries(cell.column);
    auto& known = state.dictionaries[cell.column];
    known.insert(known.end(), values.begin() + static_cast<std::ptrdiff_t>(known.size()), values.end());
  }
}

}  // namespace

AggregateFold::AggregateFold(TableSpec const& table, std::vector<AggregateSpec> specs, std::size_t customers)
    : state_(std::make_unique<detail::AggregateState>(table, std::move(specs), customers)) {}
AggregateFold::~AggregateFold() = default;
AggregateFold::AggregateFold(AggregateFold&&) noexcept = default;
AggregateFold& AggregateFold::operator=(AggregateFold&&) noexcept = default;

std::size_t AggregateFold::bytes_a_customer() const noexcept {
  return state_->plan.empty_row.size() * sizeof(std::uint64_t);
}

void AggregateFold::add(CustomerRows const& rows, Dictionaries const& dictionaries) {
  auto& state = *state_;
  learn(state, dictionaries);
  read_days(state, rows);
  std::vector<std::uint8_t> mask(kBatch);
  std::vector<std::uint32_t> chosen(kBatch);
  for (std::size_t first = 0; first < rows.customer.size(); first += kBatch) {
    auto const batch = std::min(kBatch, rows.customer.size() - first);
    for (std::size_t f = 0; f < state.plan.filters.size(); ++f) {
      state.plan.filters[f].evaluate(rows.columns, state.days, first, std::span(mask).first(batch));
      std::size_t count = 0;
      for (std::size_t i = 0; i < batch; ++i) {
        chosen[count] = static_cast<std::uint32_t>(first + i);
        count += mask[i];
      }
      for (auto const& cell : state.plan.cells) {
        if (cell.filter == f) detail::update_cell(state, cell, rows, std::span(chosen).first(count));
      }
    }
  }
}

std::uint64_t AggregateFold::rows_after_as_of() const noexcept {
  return state_->after_as_of;
}

std::uint64_t AggregateFold::rows_without_date() const noexcept {
  return state_->without_date;
}

std::vector<std::string> AggregateFold::values_never_met() const {
  return detail::values_never_met(state_->table, state_->plan.filters);
}

}  // namespace tessera
