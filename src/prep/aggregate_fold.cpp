// SPDX-License-Identifier: Apache-2.0
#include "tessera/core/error.hpp"
#include "tessera/prep/aggregate.hpp"

#include <algorithm>
#include <bit>
#include <limits>
#include <span>
#include <utility>

#include "aggregate_state.hpp"
#include "calendar.hpp"
#include "value_grid.hpp"
#include <fmt/format.h>

namespace tessera {

namespace {

using detail::Cell;
using detail::CellKind;

/// Rows at a time: their masks and the customers' accumulators that they touch stay in the cache.
constexpr std::size_t kBatch = 2048;

std::uint64_t bits(double value) noexcept {
  return std::bit_cast<std::uint64_t>(value);
}
double number(std::uint64_t word) noexcept {
  return std::bit_cast<double>(word);
}

template <class Wide>
void add_at(std::uint64_t* words, Wide const& value) noexcept {
  auto sum = Wide::load(words);
  sum += value;
  sum.store(words);
}

/// Applies one cell to the chosen rows of a batch.
class CellUpdate {
 public:
  CellUpdate(detail::AggregateState& state, Cell const& cell, CustomerRows const& rows,
             std::span<std::uint32_t const> chosen)
      : state_(state), cell_(cell), rows_(rows), chosen_(chosen) {}

  void apply() {
    switch (cell_.kind) {
      case CellKind::count:
        return each([](std::uint64_t* words, std::size_t) { ++words[0]; });
      case CellKind::sum:
        return each_value([](std::uint64_t* words, double value, std::size_t) {
          // Wraps around beyond 2^32 rows a customer, which is found out in the end.
          auto const sum = static_cast<detail::UInt128>(detail::load_int128(words)) +
                           static_cast<detail::UInt128>(detail::steps_of(value));
          detail::store_int128(words, static_cast<detail::Int128>(sum));
        });
      case CellKind::squares:
        return each_value([](std::uint64_t* words, double value, std::size_t) {
          add_at(words, detail::WideInteger<4>::square_of(detail::steps_of(value)));
        });
      case CellKind::month_sum: {
        auto const month = detail::month_of(cell_.as_of);
        return each_value([&, month](std::uint64_t* words, double value, std::size_t row) {
          auto const before = month - detail::month_of(state_.days[row]);
          add_at(words, detail::WideInteger<3>(detail::steps_of(value) * before));
        });
      }
      case CellKind::min:
        return each([values = numbers()](std::uint64_t* words, std::size_t row) {
          words[0] = bits(std::min(number(words[0]), values[row] + 0.0));  // + 0.0: -0 is 0
        });
      case CellKind::max:
        return each([values = numbers()](std::uint64_t* words, std::size_t row) {
          words[0] = bits(std::max(number(words[0]), values[row] + 0.0));
        });
      case CellKind::first_day:
        return each([&](std::uint64_t* words, std::size_t row) {
          words[0] = static_cast<std::uint64_t>(
              std::min<std::int64_t>(static_cast<std::int64_t>(words[0]), state_.days[row]));
        });
      case CellKind::last_day:
        return each([&](std::uint64_t* words, std::size_t row) {
          words[0] = static_cast<std::uint64_t>(
              std::max<std::int64_t>(static_cast<std::int64_t>(words[0]), state_.days[row]));
        });
      case CellKind::first_number:
        return each([values = numbers(), times = times()](std::uint64_t* words, std::size_t row) {
          if (std::pair(times[row], values[row]) < std::pair(number(words[0]), number(words[1])))
            set(words, times[row], bits(values[row] + 0.0));
        });
      case CellKind::last_number:
        return each([values = numbers(), times = times()](std::uint64_t* words, std::size_t row) {
          if (std::pair(times[row], values[row]) > std::pair(number(words[0]), number(words[1])))
            set(words, times[row], bits(values[row] + 0.0));
        });
      case CellKind::first_code:
        return update_code([](auto const& challenger, auto const& holder) { return challenger < holder; });
      case CellKind::last_code:
        return update_code([](auto const& challenger, auto const& holder) { return challenger > holder; });
      case CellKind::codes:
        return add_to_set(
            [codes = codes()](std::size_t row) { return static_cast<std::uint32_t>(codes[row]); });
      case CellKind::months: {
        auto const month = detail::month_of(cell_.as_of);
        return add_to_set([&, month](std::size_t row) {
          return static_cast<std::uint32_t>(month - detail::month_of(state_.days[row]));
        });
      }
      case CellKind::days:
        return add_to_set(
            [&](std::size_t row) { return static_cast<std::uint32_t>(cell_.as_of - state_.days[row]); });
      case CellKind::numbers: {
        auto& log = state_.number_logs[index()];
        auto const values = numbers();
        for (auto const row : chosen_) log.add({rows_.customer[row], bits(values[row] + 0.0)});
        return;
      }
      case CellKind::keys: {
        auto& log = state_.key_logs[index()];
        auto const& keys = std::get<KeyColumn>(rows_.columns[cell_.column].data).keys;
        for (auto const row : chosen_) log.add({rows_.customer[row], *keys[row]});
        return;
      }
      case CellKind::levels: {
        auto& log = state_.level_logs[index()];
        auto const values = numbers();
        auto const when = times();
        for (auto const row : chosen_) {
          require_grid(values[row]);
          log.add({rows_.customer[row], state_.days[row], when[row], values[row] + 0.0});
        }
        return;
      }
    }
  }

 private:
  [[nodiscard]] std::size_t index() const {
    return static_cast<std::size_t>(&cell_ - state_.plan.cells.data());
  }
  [[nodiscard]] std::span<double const> numbers() const {
    return std::get<NumberColumn>(rows_.columns[cell_.column].data).values;
  }
  [[nodiscard]] std::span<std::int32_t const> codes() const {
    return std::get<CategoryColumn>(rows_.columns[cell_.column].data).codes;
  }
  [[nodiscard]] std::span<double const> times() const {
    return std::get<NumberColumn>(rows_.columns[*state_.date].data).values;
  }

  static void set(std::uint64_t* words, double time, std::uint64_t what) noexcept {
    words[0] = bits(time);
    words[1] = what;
  }

  void require_grid(double value) const {
    if (detail::on_grid(value)) return;
    throw InputError(
        fmt::format("table \"{}\": a value of column \"{}\" is 2^47 (1.4e14) or more in magnitude",
                    state_.table.name, state_.table.columns[cell_.column].name),
        "sums are exact on a grid that ends there, so that no order of the rows can change them",
        fmt::format(
            "have such rows rejected by min and max of [table.column.{}], or keep the column in a larger "
            "unit",
            state_.table.columns[cell_.column].name));
  }

  /// update(words, row) for the chosen rows.
  template <class Update>
  void each(Update&& update) {
    std::uint64_t* const first = state_.words.data() + cell_.offset;
    std::size_t const stride = state_.plan.empty_row.size();
    std::uint32_t const* const customer = rows_.customer.data();
    for (auto const row : chosen_) update(first + customer[row] * stride, row);
  }

  /// update(words, value, row), for values that go to the grid.
  template <class Update>
  void each_value(Update&& update) {
    auto const values = numbers();
    for (auto const row : chosen_) require_grid(values[row]);
    each([&](std::uint64_t* words, std::size_t row) { update(words, values[row], row); });
  }

  template <class Before>
  void update_code(Before&& before) {
    auto const chosen_codes = codes();
    auto const when = times();
    auto const& dictionary = state_.dictionaries[cell_.column];
    auto const text = [&](std::uint64_t code) -> std::string const& {
      return dictionary[static_cast<std::size_t>(code)];
    };
    each([&](std::uint64_t* words, std::size_t row) {
      auto const code = static_cast<std::uint64_t>(chosen_codes[row]);
      double const held = number(words[0]);
      if (before(when[row], held) || (when[row] == held && before(text(code), text(words[1]))))
        set(words, when[row], code);
    });
  }

  /// The lowest values are bits, the others entries of a log.
  template <class ValueOf>
  void add_to_set(ValueOf&& value_of) {
    auto& log = state_.value_logs[index()];
    auto const in_bits = static_cast<std::uint32_t>(64 * cell_.words);
    each([&](std::uint64_t* words, std::size_t row) {
      std::uint32_t const value = value_of(row);
      if (value < in_bits) {
        words[value / 64] |= std::uint64_t{1} << (value % 64);
      } else {
        log.add({rows_.customer[row], value});
      }
    });
  }

  detail::AggregateState& state_;
  Cell const& cell_;
  CustomerRows const& rows_;
  std::span<std::uint32_t const> chosen_;
};

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

detail::AggregateState::AggregateState(TableSpec const& spec, std::vector<AggregateSpec> specs,
                                       std::size_t rows)
    : table(spec),
      plan(detail::plan_aggregates(spec, std::move(specs))),
      customers(rows),
      date(detail::index_of_column(spec, spec.date)),
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

AggregateFold::AggregateFold(TableSpec const& table, std::vector<AggregateSpec> specs, std::size_t customers)
    : state_(std::make_unique<detail::AggregateState>(table, std::move(specs), customers)) {}
AggregateFold::~AggregateFold() = default;
AggregateFold::AggregateFold(AggregateFold&&) noexcept = default;
AggregateFold& AggregateFold::operator=(AggregateFold&&) noexcept = default;

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
        if (cell.filter == f) CellUpdate(state, cell, rows, std::span(chosen).first(count)).apply();
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
  std::vector<std::string> out;
  for (auto const& filter : state_->plan.filters) {
    for (auto const& set : filter.code_sets()) {
      for (auto const& value : set.values_never_met())
        out.push_back(fmt::format("{} = {}", state_->table.columns[set.column()].name, value));
    }
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

}  // namespace tessera
