// SPDX-License-Identifier: Apache-2.0
#include "row_filter.hpp"

#include <algorithm>
#include <cmath>

#include "calendar.hpp"
#include <fmt/format.h>

namespace tessera::detail {

namespace {

/// Clears the mask where keep(row) is 0.
template <class Keep>
void restrict_to(std::span<std::uint8_t> mask, Keep&& keep) {
  for (std::size_t i = 0; i < mask.size(); ++i) {
    mask[i] = static_cast<std::uint8_t>(mask[i] & static_cast<std::uint8_t>(keep(i)));
  }
}

void require_value(Column const& column, std::size_t first, std::span<std::uint8_t> mask) {
  if (auto const* const numbers = std::get_if<NumberColumn>(&column.data)) {
    auto const* const values = numbers->values.data() + first;
    restrict_to(mask, [&](std::size_t i) { return values[i] == values[i]; });
  } else if (auto const* const categories = std::get_if<CategoryColumn>(&column.data)) {
    auto const* const codes = categories->codes.data() + first;
    restrict_to(mask, [&](std::size_t i) { return codes[i] != kMissingCode; });
  } else {
    auto const* const keys = std::get<KeyColumn>(column.data).keys.data() + first;
    restrict_to(mask, [&](std::size_t i) { return keys[i].has_value(); });
  }
}

}  // namespace

CodeSet::CodeSet(std::size_t column, std::vector<std::string> values)
    : column_(column), values_(std::move(values)), met_(values_.size(), false) {}

void CodeSet::extend(std::vector<std::string> const& dictionary) {
  for (std::size_t code = contains_.size() - 1; code < dictionary.size(); ++code) {
    auto const found = std::find(values_.begin(), values_.end(), dictionary[code]);
    contains_.push_back(found != values_.end() ? 1 : 0);
    if (found != values_.end()) met_[static_cast<std::size_t>(found - values_.begin())] = true;
  }
}

std::vector<std::string> CodeSet::values_never_met() const {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < values_.size(); ++i) {
    if (!met_[i]) out.push_back(values_[i]);
  }
  return out;
}

RowFilter::RowFilter(RowFilterSpec spec) : spec_(std::move(spec)) {
  for (auto const& condition : spec_.conditions) {
    if (!condition.values.empty()) sets_.emplace_back(condition.column, condition.values);
  }
}

void RowFilter::evaluate(std::vector<Column> const& columns, std::span<std::int32_t const> days,
                         std::size_t first, std::span<std::uint8_t> mask) const {
  std::fill(mask.begin(), mask.end(), std::uint8_t{1});
  if (spec_.after || spec_.until) {
    auto const* const day = days.data() + first;
    std::int32_t const after = spec_.after.value_or(kNoDay);
    std::int32_t const until = spec_.until.value_or(std::numeric_limits<std::int32_t>::max());
    restrict_to(mask, [&](std::size_t i) { return (day[i] > after) & (day[i] <= until); });
  }
  if (spec_.present) require_value(columns[*spec_.present], first, mask);
  auto set = sets_.begin();
  for (auto const& condition : spec_.conditions) {
    auto const& column = columns[condition.column];
    if (!condition.values.empty()) {
      auto const* const codes = std::get<CategoryColumn>(column.data).codes.data() + first;
      restrict_to(mask, [&](std::size_t i) { return set->contains(codes[i]); });
      ++set;
    } else if (auto const* const numbers = std::get_if<NumberColumn>(&column.data)) {
      auto const* const values = numbers->values.data() + first;
      restrict_to(
          mask, [&](std::size_t i) { return (values[i] >= condition.min) & (values[i] < condition.below); });
    } else {
      require_value(column, first, mask);
    }
  }
}

RowFilterSpec row_filter_spec(TableSpec const& table, std::vector<Condition> const& where,
                              std::optional<std::size_t> present) {
  RowFilterSpec out;
  out.present = present;
  for (auto const& condition : where) {
    RowFilterSpec::OnColumn on{*index_of_column(table, condition.column), condition.values};
    std::sort(on.values.begin(), on.values.end());
    on.values.erase(std::unique(on.values.begin(), on.values.end()), on.values.end());
    auto const type = table.columns[on.column].type;
    // A bound on a datetime column is a day, and holds for all of it.
    double const unit = type == ColumnType::datetime ? kSecondsADay : 1.0;
    if (condition.min) on.min = *condition.min * unit;
    if (condition.max) {
      on.below = type == ColumnType::datetime
                     ? (*condition.max + 1) * unit
                     : std::nextafter(*condition.max, std::numeric_limits<double>::infinity());
    }
    out.conditions.push_back(std::move(on));
  }
  std::stable_sort(out.conditions.begin(), out.conditions.end(),
                   [](auto const& a, auto const& b) { return a.column < b.column; });
  return out;
}

std::vector<std::string> values_never_met(TableSpec const& table, std::span<RowFilter const> filters) {
  std::vector<std::string> out;
  for (auto const& filter : filters) {
    for (auto const& set : filter.code_sets()) {
      for (auto const& value : set.values_never_met())
        out.push_back(fmt::format("{} = {}", table.columns[set.column()].name, value));
    }
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

std::optional<std::size_t> index_of_column(TableSpec const& table, std::string const& name) {
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    if (table.columns[i].name == name) return i;
  }
  return std::nullopt;
}

}  // namespace tessera::detail
