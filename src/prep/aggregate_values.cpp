// SPDX-License-Identifier: Apache-2.0
#include "aggregate_values.hpp"

#include "tessera/core/error.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <numeric>

#include "calendar.hpp"
#include "value_grid.hpp"
#include "wide_integer.hpp"
#include <fmt/format.h>

namespace tessera::detail {

namespace {

/// A customer's cells of one recipe.
class Cells {
 public:
  Cells(AggregateState const& state, Recipe const& recipe, std::size_t customer)
      : state_(state), recipe_(recipe), customer_(customer) {}

  [[nodiscard]] std::size_t size() const { return recipe_.cells.size(); }
  [[nodiscard]] std::uint64_t const* words(std::size_t i) const {
    return state_.cell(customer_, recipe_.cells[i]);
  }
  [[nodiscard]] std::uint64_t count(std::size_t i) const { return words(i)[0]; }
  [[nodiscard]] std::int64_t day(std::size_t i) const { return static_cast<std::int64_t>(words(i)[0]); }
  [[nodiscard]] double number(std::size_t i, std::size_t word = 0) const {
    return std::bit_cast<double>(words(i)[word]);
  }
  [[nodiscard]] Int128 sum(std::size_t i) const { return load_int128(words(i)); }
  template <std::size_t Words>
  [[nodiscard]] WideInteger<Words> wide(std::size_t i) const {
    return WideInteger<Words>::load(words(i));
  }

 private:
  AggregateState const& state_;
  Recipe const& recipe_;
  std::size_t customer_;
};

double finite_or_missing(double value) {
  return std::isfinite(value) ? value : kMissingNumber;
}

/// Exact but for the last steps: n * sum of squares - square of the sum is a whole number of 255 bits.
double sample_deviation(Int128 sum, WideInteger<4> squares, std::uint64_t n) {
  if (n < 2) return kMissingNumber;
  squares *= n;
  squares += -WideInteger<4>::square_of(sum);
  double const divisor = static_cast<double>(n) * static_cast<double>(n - 1);
  return std::sqrt(squares.value() / divisor) * 0x1p-48;
}

/// Least-squares slope of the sums of `months` months, the last of which is as_of's. With k months before
/// as_of and S(k) a month's sum: slope = 6 * sum over k of (months - 1 - 2k) S(k) / (months^3 - months).
double slope(Int128 sum, WideInteger<3> month_sum, std::int64_t months) {
  if (months < 2) return kMissingNumber;
  month_sum *= 2;
  // The product of a negative number's two's complement words by a positive factor wraps to the right one.
  WideInteger<3> numerator(sum);
  numerator *= static_cast<std::uint64_t>(months - 1);
  numerator += -month_sum;
  auto const m = static_cast<double>(months);
  return 6.0 * (numerator.value() * 0x1p-48) / (m * (m * m - 1.0));
}

double trend(Cells const& cells, AggregateSpec const& spec) {
  if (cells.count(1) == 0) return kMissingNumber;
  auto const begin =
      spec.window_days > 0 ? *spec.as_of - static_cast<std::int64_t>(spec.window_days) + 1 : cells.day(3);
  std::int64_t const months = month_of(*spec.as_of) - month_of(static_cast<std::int32_t>(begin)) + 1;
  return slope(cells.sum(0), cells.wide<3>(2), months);
}

double ratio(Cells const& cells) {
  bool const of_counts = cells.size() == 2;
  double const numerator = of_counts ? static_cast<double>(cells.count(0)) : value_of(cells.sum(0));
  double const denominator = of_counts ? static_cast<double>(cells.count(1)) : value_of(cells.sum(2));
  return denominator == 0.0 ? kMissingNumber : numerator / denominator;
}

double frequency(Cells const& cells, AggregateSpec const& spec) {
  if (cells.count(0) == 0) return 0.0;
  auto const days = spec.window_days > 0 ? static_cast<double>(spec.window_days)
                                         : static_cast<double>(*spec.as_of - cells.day(1) + 1);
  return 30.0 * static_cast<double>(cells.count(0)) / days;
}

/// Of those aggregates that a customer's cells alone tell.
double value_from(Cells const& cells, AggregateSpec const& spec) {
  switch (spec.kind) {
    case Aggregate::count:
      return static_cast<double>(cells.count(0));
    case Aggregate::sum:
      return value_of(cells.sum(0));
    case Aggregate::mean:
      return cells.count(1) == 0 ? kMissingNumber
                                 : value_of(cells.sum(0)) / static_cast<double>(cells.count(1));
    case Aggregate::std:
      return sample_deviation(cells.sum(0), cells.wide<4>(2), cells.count(1));
    case Aggregate::min:
    case Aggregate::max:
      return finite_or_missing(cells.number(0));
    case Aggregate::share:
      return cells.count(1) == 0 ? kMissingNumber
                                 : static_cast<double>(cells.count(0)) / static_cast<double>(cells.count(1));
    case Aggregate::recency:
      return cells.day(0) == std::numeric_limits<std::int64_t>::min()
                 ? kMissingNumber
                 : static_cast<double>(*spec.as_of - cells.day(0));
    case Aggregate::frequency:
      return frequency(cells, spec);
    case Aggregate::trend:
      return trend(cells, spec);
    case Aggregate::ratio:
      return ratio(cells);
    case Aggregate::first:
    case Aggregate::last:
      return std::isfinite(cells.number(0)) ? cells.number(0, 1) : kMissingNumber;
    default:
      throw BugError("an aggregate that a customer's cells alone do not tell");
  }
}

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
    Cells const cells(state, recipe, customer);
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
      Cells const cells(state, recipe, customer);
      if (std::isfinite(cells.number(1))) {
        level = cells.number(1, 1);
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
    Cells const cells(state, recipe, customer);
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
    out.push_back(value_from(Cells(state, recipe, customer), recipe.spec));
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
