// SPDX-License-Identifier: Apache-2.0
#include "tessera/profile/suppress_cells.hpp"

#include <algorithm>
#include <numeric>

namespace tessera {

namespace {

using Counts = std::vector<std::int64_t>;
using Indices = std::vector<std::size_t>;

bool is_small(std::int64_t count, std::int64_t min_cell) {
  return count > 0 && count < min_cell;
}

/// shown_parts where a part of `beside` customers is hidden in any case.
std::vector<std::uint8_t> shown_beside(std::span<std::int64_t const> parts, std::int64_t beside,
                                       std::int64_t min_cell) {
  std::vector<std::uint8_t> shown(parts.size(), 1);
  std::int64_t hidden = beside;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (!is_small(parts[i], min_cell)) continue;
    shown[i] = 0;
    hidden += parts[i];
  }
  Indices order(parts.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return parts[a] < parts[b]; });
  for (auto const i : order) {
    if (!is_small(hidden, min_cell)) break;
    if (shown[i] == 0 || parts[i] == 0) continue;
    shown[i] = 0;
    hidden += parts[i];
  }
  if (is_small(hidden, min_cell)) std::fill(shown.begin(), shown.end(), std::uint8_t{0});
  return shown;
}

/// A table in which every row, every column and the whole have no customer or min_cell of them at least.
class Table {
 public:
  Table(std::size_t rows, std::size_t columns, std::int64_t min_cell)
      : rows_(rows),
        columns_(columns),
        min_cell_(min_cell),
        count_(rows * columns, 0),
        hidden_(count_.size(), 0) {}

  [[nodiscard]] std::int64_t& at(std::size_t row, std::size_t column) {
    return count_[row * columns_ + column];
  }
  [[nodiscard]] bool is_hidden(std::size_t row, std::size_t column) const {
    return hidden_[row * columns_ + column] != 0;
  }

  void suppress() {
    for (std::size_t row = 0; row < rows_; ++row) {
      Indices small;
      for (std::size_t column = 0; column < columns_; ++column) {
        // what is hidden already is part of a block
        if (is_small(at(row, column), min_cell_) && !is_hidden(row, column)) small.push_back(column);
      }
      if (!small.empty()) protect(row, std::move(small));
    }
  }

 private:
  struct Block {
    Indices rows, columns;
  };

  /// Hides a block with these cells. More and more columns are tried; with all of them there is one.
  void protect(std::size_t row, Indices columns) {
    std::vector<std::uint8_t> is_in(columns_, 0);
    for (auto const column : columns) is_in[column] = 1;
    Indices others;
    for (std::size_t column = 0; column < columns_; ++column) {
      if (is_in[column] == 0) others.push_back(column);
    }
    // What is hidden already comes first, then what is small.
    std::stable_sort(others.begin(), others.end(), [&](auto a, auto b) {
      if (is_hidden(row, a) != is_hidden(row, b)) return is_hidden(row, a);
      bool const empty_a = at(row, a) == 0, empty_b = at(row, b) == 0;
      return empty_a != empty_b ? empty_b : at(row, a) < at(row, b);
    });
    for (std::size_t more = 0;; more = std::min(others.size(), std::max<std::size_t>(1, 2 * more))) {
      auto tried = columns;
      tried.insert(tried.end(), others.begin(), others.begin() + static_cast<std::ptrdiff_t>(more));
      Block block{{row}, std::move(tried)};
      if (complete(block) || more == others.size()) {
        hide(block);
        return;
      }
    }
  }

  /// Adds rows until the block is safe; false where none makes it so.
  bool complete(Block& block) {
    Counts sum(block.columns.size(), 0);  // [columns of the block]
    Indices partners;
    for (std::size_t row = 0; row < rows_; ++row) {
      if (row != block.rows.front() && total(row, block.columns) >= min_cell_) partners.push_back(row);
    }
    if (total(block.rows.front(), block.columns) < min_cell_) return false;
    add(block.rows.front(), block.columns, sum);
    while (!is_safe(block, sum)) {
      if (partners.empty()) return false;
      auto const best = std::max_element(partners.begin(), partners.end(), [&](auto a, auto b) {
        auto const help_a = help(a, block.columns, sum), help_b = help(b, block.columns, sum);
        return help_a != help_b ? help_a < help_b : loss(a, block.columns) > loss(b, block.columns);
      });
      add(*best, block.columns, sum);
      block.rows.push_back(*best);
      partners.erase(best);
    }
    return true;
  }

  /// Every row of the block has min_cell customers by choice; what else has to hold.
  bool is_safe(Block const& block, Counts const& sum) {
    auto const all = std::accumulate(sum.begin(), sum.end(), std::int64_t{0});
    bool const rows = std::all_of(block.rows.begin(), block.rows.end(),
                                  [&](auto row) { return all - total(row, block.columns) >= min_cell_; });
    return rows && std::all_of(sum.begin(), sum.end(), [&](auto of_column) {
             return of_column == 0 || (of_column >= min_cell_ && all - of_column >= min_cell_);
           });
  }

  [[nodiscard]] std::int64_t total(std::size_t row, Indices const& columns) {
    std::int64_t out = 0;
    for (auto const column : columns) out += at(row, column);
    return out;
  }

  void add(std::size_t row, Indices const& columns, Counts& sum) {
    for (std::size_t i = 0; i < columns.size(); ++i) sum[i] += at(row, columns[i]);
  }

  /// How many of the customers that columns lack a row would bring.
  [[nodiscard]] std::int64_t help(std::size_t row, Indices const& columns, Counts const& sum) {
    std::int64_t out = 0;
    for (std::size_t i = 0; i < columns.size(); ++i)
      out += std::min(std::max<std::int64_t>(min_cell_ - sum[i], 0), at(row, columns[i]));
    return out;
  }

  /// How many customers would be hidden that are not yet.
  [[nodiscard]] std::int64_t loss(std::size_t row, Indices const& columns) {
    std::int64_t out = 0;
    for (auto const column : columns) out += is_hidden(row, column) ? 0 : at(row, column);
    return out;
  }

  void hide(Block const& block) {
    for (auto const row : block.rows) {
      for (auto const column : block.columns) hidden_[row * columns_ + column] = 1;
    }
  }

  std::size_t rows_, columns_;
  std::int64_t min_cell_;
  Counts count_;                      // [rows, columns]
  std::vector<std::uint8_t> hidden_;  // [rows, columns]
};

/// Numbers for what is shown; all others are one more, the last.
Indices folded(std::vector<std::uint8_t> const& shown) {
  Indices out(shown.size());
  std::size_t next = 0;
  for (std::size_t i = 0; i < shown.size(); ++i) {
    if (shown[i] != 0) out[i] = next++;
  }
  for (std::size_t i = 0; i < shown.size(); ++i) {
    if (shown[i] == 0) out[i] = next;
  }
  return out;
}

}  // namespace

std::vector<std::uint8_t> shown_parts(std::span<std::int64_t const> parts, std::int64_t min_cell) {
  return shown_beside(parts, 0, min_cell);
}

ShownCells suppress_cells(std::span<std::int64_t const> count, std::span<std::int64_t const> row_total,
                          std::int64_t min_cell) {
  std::size_t const rows = row_total.size(), columns = rows == 0 ? 0 : count.size() / rows;
  Counts column_total(columns, 0);
  for (std::size_t i = 0; i < count.size(); ++i) column_total[i % columns] += count[i];
  auto const all = std::accumulate(row_total.begin(), row_total.end(), std::int64_t{0});
  auto const without = all - std::accumulate(column_total.begin(), column_total.end(), std::int64_t{0});
  ShownCells out;
  out.row_total = shown_parts(row_total, min_cell);
  out.column_total = shown_beside(column_total, without, min_cell);
  out.cell.assign(count.size(), 0);

  auto const row_of = folded(out.row_total), column_of = folded(out.column_total);
  auto const others =
      static_cast<std::size_t>(std::count(out.column_total.begin(), out.column_total.end(), 1));
  Table table(rows + 1, others + 1, min_cell);
  for (std::size_t row = 0; row < rows; ++row) {
    table.at(row_of[row], others) += row_total[row];
    for (std::size_t column = 0; column < columns; ++column) {
      if (out.column_total[column] == 0) continue;
      auto const customers = count[row * columns + column];
      table.at(row_of[row], column_of[column]) += customers;
      table.at(row_of[row], others) -= customers;
    }
  }
  table.suppress();
  for (std::size_t row = 0; row < rows; ++row) {
    for (std::size_t column = 0; column < columns; ++column) {
      bool const shown = out.row_total[row] != 0 && out.column_total[column] != 0 &&
                         !table.is_hidden(row_of[row], column_of[column]);
      out.cell[row * columns + column] = shown ? 1 : 0;
    }
  }
  return out;
}

}  // namespace tessera
