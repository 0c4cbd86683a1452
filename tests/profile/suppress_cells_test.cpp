// SPDX-License-Identifier: Apache-2.0
#include "tessera/profile/suppress_cells.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <numeric>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace tessera {
namespace {

using Counts = std::vector<std::int64_t>;

struct Example {
  std::size_t rows, columns;
  Counts count, row_total;  // row totals include customers without any of the values
};

/// What someone can find out who sees all that is shown: looks for a table that fits it with one cell set.
class Reader {
 public:
  Reader(Example const& table, ShownCells const& shown)
      : table_(table), shown_(shown), columns_(table.columns + 1) {
    auto const all = std::accumulate(table.row_total.begin(), table.row_total.end(), std::int64_t{0});
    row_left_.assign(table.rows + 1, 0);
    column_left_.assign(columns_, 0);
    hidden_rows_left_ = hidden_columns_left_ = all;
    for (std::size_t r = 0; r < table.rows; ++r) {
      if (shown.row_total[r] == 0) continue;
      row_left_[r] = table.row_total[r];
      hidden_rows_left_ -= row_left_[r];
    }
    for (std::size_t c = 0; c < table.columns; ++c) {
      if (shown.column_total[c] == 0) continue;
      for (std::size_t r = 0; r < table.rows; ++r) column_left_[c] += table.count[r * table.columns + c];
      hidden_columns_left_ -= column_left_[c];
    }
  }

  bool can_be(std::size_t row, std::size_t column, std::int64_t value) {
    if (value > std::min(row_left(row), column_left(column))) return false;
    fixed_ = row * columns_ + column;
    row_left(row) -= value;
    column_left(column) -= value;
    bool const found = search(0);
    row_left(row) += value;
    column_left(column) += value;
    return found;
  }

 private:
  /// Totals that are not shown are known together only.
  std::int64_t& row_left(std::size_t r) {
    return shown_.row_total[r] != 0 ? row_left_[r] : hidden_rows_left_;
  }
  std::int64_t& column_left(std::size_t c) {
    return c < table_.columns && shown_.column_total[c] != 0 ? column_left_[c] : hidden_columns_left_;
  }

  bool search(std::size_t cell) {
    if (cell == table_.rows * columns_) {
      return hidden_rows_left_ == 0 && hidden_columns_left_ == 0 &&
             std::all_of(column_left_.begin(), column_left_.end(), [](auto left) { return left == 0; });
    }
    if (cell == fixed_) return search(cell + 1);
    std::size_t const r = cell / columns_, c = cell % columns_;
    auto const most = std::min(row_left(r), column_left(c));
    std::int64_t low = 0, high = most;
    if (c < table_.columns && shown_.cell[r * table_.columns + c] != 0)
      low = high = table_.count[r * table_.columns + c];
    // the last of a row, and of the columns in the last row, take what is left
    if (c + 1 == columns_ && shown_.row_total[r] != 0) low = std::max(low, row_left_[r]);
    if (r + 1 == table_.rows && c < table_.columns && shown_.column_total[c] != 0)
      low = std::max(low, column_left_[c]);
    for (auto value = low; value <= std::min(high, most); ++value) {
      row_left(r) -= value;
      column_left(c) -= value;
      bool const found = search(cell + 1);
      row_left(r) += value;
      column_left(c) += value;
      if (found) return true;
    }
    return false;
  }

  Example const& table_;
  ShownCells const& shown_;
  std::size_t columns_;  // with that of no value
  Counts row_left_, column_left_;
  std::int64_t hidden_rows_left_, hidden_columns_left_;
  std::size_t fixed_ = 0;
};

/// The least width of what a hidden cell with customers can be.
std::int64_t narrowest(Example const& table, ShownCells const& shown) {
  Reader reader(table, shown);
  std::int64_t least = std::numeric_limits<std::int64_t>::max();
  for (std::size_t i = 0; i < table.count.size(); ++i) {
    if (shown.cell[i] != 0 || table.count[i] == 0) continue;
    auto const row = i / table.columns, column = i % table.columns;
    std::int64_t low = 0,
                 high = std::accumulate(table.row_total.begin(), table.row_total.end(), std::int64_t{0});
    while (!reader.can_be(row, column, low)) ++low;
    while (!reader.can_be(row, column, high)) --high;
    EXPECT_LE(low, table.count[i]);
    EXPECT_GE(high, table.count[i]);
    least = std::min(least, high - low);
  }
  return least;
}

Example random_table(std::mt19937_64& random, std::size_t rows, std::size_t columns, int missing) {
  Example out{rows, columns, {}, {}};
  auto const up_to = [&](int most) {
    return static_cast<std::int64_t>(random() % static_cast<unsigned>(most + 1));
  };
  for (std::size_t r = 0; r < rows; ++r) {
    std::int64_t total = up_to(missing);
    for (std::size_t c = 0; c < columns; ++c) {
      out.count.push_back(up_to(3) == 0 ? 0 : up_to(r == 0 ? 3 : 6));
      total += out.count.back();
    }
    out.row_total.push_back(total);
  }
  return out;
}

void expect_safe(Example const& table, std::int64_t min_cell) {
  auto const shown = suppress_cells(table.count, table.row_total, min_cell);
  for (std::size_t i = 0; i < table.count.size(); ++i) {
    bool const small = table.count[i] > 0 && table.count[i] < min_cell;
    EXPECT_FALSE(small && shown.cell[i] != 0) << "cell " << i;
  }
  for (std::size_t r = 0; r < table.rows; ++r)
    EXPECT_FALSE(table.row_total[r] > 0 && table.row_total[r] < min_cell && shown.row_total[r] != 0)
        << "row " << r;
  auto const all = std::accumulate(table.row_total.begin(), table.row_total.end(), std::int64_t{0});
  if (all < min_cell) return;
  auto const width = narrowest(table, shown);
  if (width >= min_cell) return;
  std::string text;
  for (std::size_t i = 0; i < table.count.size(); ++i)
    text += std::to_string(table.count[i]) + (shown.cell[i] != 0 ? " " : "* ") +
            ((i + 1) % table.columns == 0 ? "\n" : "");
  ADD_FAILURE() << "a cell is known to " << width << " of " << min_cell << "\n" << text;
}

TEST(SuppressCells, hidden_cells_can_be_anything_in_a_range_of_min_cell) {
  std::mt19937_64 random(7);
  for (int i = 0; i < 1500; ++i) {
    std::size_t const rows = 2 + random() % 2, columns = 1 + random() % 4;
    expect_safe(random_table(random, rows, columns, i % 2 == 0 ? 0 : 4), 3 + static_cast<int>(random() % 2));
  }
}

TEST(SuppressCells, the_search_finds_what_primary_suppression_alone_gives_away) {
  Example const table{2, 2, {2, 30, 40, 50}, {32, 90}};
  ShownCells const primary{{1, 1}, {1, 1}, {0, 1, 1, 1}};
  EXPECT_EQ(narrowest(table, primary), 0);
  auto const shown = suppress_cells(table.count, table.row_total, 20);
  EXPECT_GE(narrowest(table, shown), 20);
  EXPECT_EQ(shown.row_total, (std::vector<std::uint8_t>{1, 1}));
  EXPECT_EQ(shown.column_total, (std::vector<std::uint8_t>{1, 1}));
}

TEST(SuppressCells, nothing_is_hidden_where_nothing_is_small) {
  Counts const count{20, 0, 35, 100, 21, 0}, total{55, 121};
  auto const shown = suppress_cells(count, total, 20);
  EXPECT_EQ(std::count(shown.cell.begin(), shown.cell.end(), 0), 0);
  auto const everything = suppress_cells(Counts{1, 2, 3, 4}, Counts{3, 7}, 1);
  EXPECT_EQ(std::count(everything.cell.begin(), everything.cell.end(), 0), 0);
}

TEST(SuppressCells, most_of_a_large_table_stays) {
  // one small cell: four are hidden
  Counts count(12 * 10, 1000), total(12, 10'000);
  count[37] = 3;
  total[3] -= 997;
  auto const shown = suppress_cells(count, total, 20);
  EXPECT_EQ(std::count(shown.cell.begin(), shown.cell.end(), 0), 4);
}

TEST(SuppressCells, a_small_row_takes_another_with_it_and_both_are_hidden_whole) {
  Counts const count{1, 2, 500, 400, 300, 600, 100, 50}, total{3, 900, 900, 150};
  auto const shown = suppress_cells(count, total, 20);
  EXPECT_EQ(shown.row_total, (std::vector<std::uint8_t>{0, 1, 1, 0}));
  EXPECT_EQ(shown.cell, (std::vector<std::uint8_t>{0, 0, 1, 1, 1, 1, 0, 0}));
}

TEST(SuppressCells, a_value_that_few_have_hides_its_column_and_the_next_smallest) {
  Counts const count{5, 500, 400, 4, 300, 600}, total{905, 904};
  auto const shown = suppress_cells(count, total, 20);
  EXPECT_EQ(shown.column_total, (std::vector<std::uint8_t>{0, 0, 1}));
  EXPECT_EQ(shown.cell, (std::vector<std::uint8_t>{0, 0, 1, 0, 0, 1}));
  // customers without a value hide it as well
  Counts const wide{925, 924};
  EXPECT_EQ(suppress_cells(count, wide, 20).column_total, (std::vector<std::uint8_t>{0, 1, 1}));
}

TEST(ShownParts, hide_small_ones_until_they_are_min_cell_together) {
  using Shown = std::vector<std::uint8_t>;
  EXPECT_EQ(shown_parts(Counts{3, 100, 50, 70}, 20), (Shown{0, 1, 0, 1}));
  EXPECT_EQ(shown_parts(Counts{12, 100, 9, 70}, 20), (Shown{0, 1, 0, 1}));
  EXPECT_EQ(shown_parts(Counts{3, 0, 50}, 20), (Shown{0, 1, 0}));
  EXPECT_EQ(shown_parts(Counts{3, 4}, 20), (Shown{0, 0}));
  EXPECT_EQ(shown_parts(Counts{20, 30}, 20), (Shown{1, 1}));
  EXPECT_EQ(shown_parts(Counts{}, 20), Shown{});
}

TEST(SuppressCells, of_many_columns_takes_little_time) {
  constexpr std::size_t kRows = 20, kColumns = 20'000;
  Counts count(kRows * kColumns), total(kRows, 0);
  for (std::size_t i = 0; i < count.size(); ++i) {
    count[i] = static_cast<std::int64_t>((i * 2654435761U >> 7) % 90);
    total[i / kColumns] += count[i];
  }
  auto const shown = suppress_cells(count, total, 20);
  for (std::size_t i = 0; i < count.size(); ++i)
    EXPECT_FALSE(count[i] > 0 && count[i] < 20 && shown.cell[i] != 0);
}

}  // namespace
}  // namespace tessera
