// SPDX-License-Identifier: Apache-2.0
#include "cell_update.hpp"

#include <algorithm>
#include <bit>
#include <utility>

#include "calendar.hpp"
#include "value_grid.hpp"

namespace tessera::detail {

namespace {

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
  CellUpdate(AggregateState& state, Cell const& cell, CustomerRows const& rows,
             std::span<std::uint32_t const> chosen)
      : state_(state), cell_(cell), rows_(rows), chosen_(chosen) {}

  void apply() {
    switch (cell_.kind) {
      case CellKind::count:
        return each([](std::uint64_t* words, std::size_t) { ++words[0]; });
      case CellKind::sum:
        return each_value([](std::uint64_t* words, double value, std::size_t) {
          // Wraps around beyond 2^32 rows a customer, which is found out in the end.
          auto const sum = static_cast<UInt128>(load_int128(words)) + static_cast<UInt128>(steps_of(value));
          store_int128(words, static_cast<Int128>(sum));
        });
      case CellKind::squares:
        return each_value([](std::uint64_t* words, double value, std::size_t) {
          add_at(words, WideInteger<4>::square_of(steps_of(value)));
        });
      case CellKind::month_sum: {
        auto const month = month_of(cell_.as_of);
        return each_value([&, month](std::uint64_t* words, double value, std::size_t row) {
          auto const before = month - month_of(state_.days[row]);
          add_at(words, WideInteger<3>(steps_of(value) * before));
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
        auto const month = month_of(cell_.as_of);
        return add_to_set([&, month](std::size_t row) {
          return static_cast<std::uint32_t>(month - month_of(state_.days[row]));
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

  void require_grid(double value) const { detail::require_grid(state_.table, cell_.column, value); }

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

  AggregateState& state_;
  Cell const& cell_;
  CustomerRows const& rows_;
  std::span<std::uint32_t const> chosen_;
};

}  // namespace

void update_cell(AggregateState& state, Cell const& cell, CustomerRows const& rows,
                 std::span<std::uint32_t const> chosen) {
  CellUpdate(state, cell, rows, chosen).apply();
}

}  // namespace tessera::detail
