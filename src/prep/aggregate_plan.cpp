// SPDX-License-Identifier: Apache-2.0
#include "aggregate_plan.hpp"

#include "tessera/core/error.hpp"

#include <algorithm>
#include <bit>
#include <limits>
#include <optional>
#include <tuple>
#include <utility>

namespace tessera::detail {

namespace {

constexpr std::size_t kMostDayWords = 6;  // 384 days: a year's window and some more

/// The words of a kind of cell before any row came.
std::vector<std::uint64_t> empty_cell(CellKind kind, std::size_t words) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  std::vector<std::uint64_t> out(words, 0);
  switch (kind) {
    case CellKind::min:
    case CellKind::first_number:
    case CellKind::first_code:
      out[0] = std::bit_cast<std::uint64_t>(kInfinity);
      break;
    case CellKind::max:
    case CellKind::last_number:
    case CellKind::last_code:
      out[0] = std::bit_cast<std::uint64_t>(-kInfinity);
      break;
    case CellKind::first_day:
      out[0] = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
      break;
    case CellKind::last_day:
      out[0] = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::min());
      break;
    default:
      break;
  }
  return out;
}

std::size_t words_of(CellKind kind, std::uint64_t window_days) {
  switch (kind) {
    case CellKind::sum:
    case CellKind::first_number:
    case CellKind::last_number:
    case CellKind::first_code:
    case CellKind::last_code:
      return 2;
    case CellKind::month_sum:
      return 3;
    case CellKind::squares:
      return 4;
    case CellKind::days:
      return window_days == 0 ? kMostDayWords : std::min<std::size_t>((window_days + 63) / 64, kMostDayWords);
    case CellKind::numbers:
    case CellKind::keys:
    case CellKind::levels:
      return 0;
    default:
      return 1;
  }
}

class Planner {
 public:
  explicit Planner(TableSpec const& table) : table_(table) {}

  void add(AggregateSpec spec) {
    spec_ = &spec;
    column_ = index_of_column(table_, spec.column);
    std::vector<std::size_t> cells = cells_of(spec);
    plan_.recipes.push_back({spec, aggregate_type(table_, spec), std::move(cells)});
  }

  AggregatePlan take() && { return std::move(plan_); }

 private:
  std::vector<std::size_t> cells_of(AggregateSpec const& spec) {
    auto const rows = filter(window());
    switch (spec.kind) {
      case Aggregate::none:
        break;
      case Aggregate::count:
        return {cell(CellKind::count, rows)};
      case Aggregate::sum:
      case Aggregate::mean:
        return {of_column(CellKind::sum, rows), cell(CellKind::count, rows)};
      case Aggregate::min:
        return {of_column(CellKind::min, rows)};
      case Aggregate::max:
        return {of_column(CellKind::max, rows)};
      case Aggregate::std:
        return {of_column(CellKind::sum, rows), cell(CellKind::count, rows),
                of_column(CellKind::squares, rows)};
      case Aggregate::distinct:
        return {of_column(set_kind(), rows)};
      case Aggregate::share: {
        auto const chosen = filter(window(), spec.category);
        return {cell(CellKind::count, chosen), cell(CellKind::count, rows)};
      }
      case Aggregate::recency:
        return {cell(CellKind::last_day, rows)};
      case Aggregate::active_months:
        return {relative(CellKind::months, rows)};
      case Aggregate::gap:
        return {relative(CellKind::days, rows), cell(CellKind::first_day, rows),
                cell(CellKind::last_day, rows)};
      case Aggregate::frequency:
        return with_first_day({cell(CellKind::count, rows)}, rows);
      case Aggregate::trend:
        return with_first_day({of_column(CellKind::sum, rows), cell(CellKind::count, rows),
                               relative(CellKind::month_sum, rows)},
                              rows);
      case Aggregate::ratio: {
        auto const before = filter(window_before());
        if (!column_) return {cell(CellKind::count, rows), cell(CellKind::count, before)};
        return {of_column(CellKind::sum, rows), cell(CellKind::count, rows), of_column(CellKind::sum, before),
                cell(CellKind::count, before)};
      }
      case Aggregate::first:
        return {of_column(is_category() ? CellKind::first_code : CellKind::first_number, rows)};
      case Aggregate::last:
        return {of_column(is_category() ? CellKind::last_code : CellKind::last_number, rows)};
      case Aggregate::time_mean: {
        std::vector<std::size_t> out{of_column(CellKind::levels, rows)};
        if (spec.window_days > 0) out.push_back(of_column(CellKind::last_number, filter(until_window())));
        return out;
      }
    }
    throw BugError("an aggregate without cells");
  }

  using Days = std::pair<std::optional<std::int32_t>, std::optional<std::int32_t>>;  // (after, until]

  [[nodiscard]] std::int32_t begin() const {
    return *spec_->as_of - static_cast<std::int32_t>(spec_->window_days);
  }
  [[nodiscard]] Days window() const {
    return {spec_->window_days > 0 ? std::optional(begin()) : std::nullopt, spec_->as_of};
  }
  [[nodiscard]] Days window_before() const {
    auto const length = spec_->against_days > 0 ? spec_->against_days : spec_->window_days;
    return {begin() - static_cast<std::int32_t>(length), begin()};
  }
  [[nodiscard]] Days until_window() const { return {std::nullopt, begin()}; }

  /// Where no window says when time begins, a customer's first row does.
  std::vector<std::size_t> with_first_day(std::vector<std::size_t> cells, std::size_t rows) {
    if (spec_->window_days == 0) cells.push_back(cell(CellKind::first_day, rows));
    return cells;
  }

  [[nodiscard]] bool is_category() const { return table_.columns[*column_].type == ColumnType::category; }
  [[nodiscard]] CellKind set_kind() const {
    auto const type = table_.columns[*column_].type;
    if (type == ColumnType::id) return CellKind::keys;
    return type == ColumnType::category ? CellKind::codes : CellKind::numbers;
  }

  std::size_t filter(Days days, std::vector<std::string> const& category = {}) {
    auto where = spec_->where;
    if (!category.empty()) where.push_back({spec_->column, category, {}, {}});
    auto spec = row_filter_spec(table_, where, column_);
    if (!table_.date.empty()) std::tie(spec.after, spec.until) = days;
    for (std::size_t i = 0; i < plan_.filters.size(); ++i) {
      if (plan_.filters[i].spec() == spec) return i;
    }
    plan_.filters.emplace_back(std::move(spec));
    return plan_.filters.size() - 1;
  }

  std::size_t cell(CellKind kind, std::size_t filter) { return shared({kind, filter}); }
  std::size_t of_column(CellKind kind, std::size_t filter) { return shared({kind, filter, *column_}); }
  /// Filters tell the window; a cell of days and months also needs to know what they are counted from.
  std::size_t relative(CellKind kind, std::size_t filter) {
    return shared({kind, filter, column_.value_or(0), *spec_->as_of});
  }

  std::size_t shared(Cell cell) {
    for (std::size_t i = 0; i < plan_.cells.size(); ++i) {
      auto const& other = plan_.cells[i];
      if (other.kind == cell.kind && other.filter == cell.filter && other.column == cell.column &&
          other.as_of == cell.as_of)
        return i;
    }
    cell.words = words_of(cell.kind, spec_->window_days);
    cell.offset = plan_.empty_row.size();
    auto const empty = empty_cell(cell.kind, cell.words);
    plan_.empty_row.insert(plan_.empty_row.end(), empty.begin(), empty.end());
    plan_.cells.push_back(cell);
    return plan_.cells.size() - 1;
  }

  TableSpec const& table_;
  AggregateSpec const* spec_ = nullptr;
  std::optional<std::size_t> column_;
  AggregatePlan plan_;
};

}  // namespace

AggregatePlan plan_aggregates(TableSpec const& table, std::vector<AggregateSpec> specs) {
  Planner planner(table);
  for (auto& spec : specs) planner.add(std::move(spec));
  return std::move(planner).take();
}

}  // namespace tessera::detail

namespace tessera {

ColumnType aggregate_type(TableSpec const& table, AggregateSpec const& spec) {
  switch (spec.kind) {
    case Aggregate::count:
    case Aggregate::distinct:
    case Aggregate::recency:
    case Aggregate::active_months:
      return ColumnType::integer;
    case Aggregate::min:
    case Aggregate::max:
    case Aggregate::first:
    case Aggregate::last:
      return table.columns[*detail::index_of_column(table, spec.column)].type;
    default:
      return ColumnType::real;
  }
}

}  // namespace tessera
