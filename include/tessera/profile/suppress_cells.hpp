// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

/// Which counts of a table may be shown to people: none of 1 to min_cell - 1 customers, and none that would
/// give such a count back by way of the totals. Primary and complementary suppression (Hundepool et al.,
/// "Statistical Disclosure Control", 2012, chapter 4).
namespace tessera {

/// Local. For parts of a total that is shown itself: 1 where a part may be shown. Hidden are parts of 1 to
/// min_cell - 1 and, smallest first, as many more as it takes for the hidden ones to be min_cell together;
/// all where they never are.
[[nodiscard]] std::vector<std::uint8_t> shown_parts(std::span<std::int64_t const> parts,
                                                    std::int64_t min_cell);

/// 1: may be shown.
struct ShownCells {
  std::vector<std::uint8_t> row_total;     ///< [rows]
  std::vector<std::uint8_t> column_total;  ///< [columns]
  std::vector<std::uint8_t> cell;          ///< [rows, columns]
};

/// Local. For customers counted by row (a segment) and column (a value of one property): `count` is row-major
/// [rows, columns], and what a row's counts leave of its total has none of the values. The total of all
/// rows is shown.
///
/// Rows and columns whose totals are not shown (shown_parts; those without a value are a column that is never
/// shown) have no cell shown. What is known of them together is a row and a column too. In that table small
/// cells are hidden, and of a row with hidden cells, further cells and the same cells of further rows: until
/// the hidden block has min_cell customers in each row and in each column, and as many outside of each. A
/// cell of such a block can then be anything in a range of min_cell or more, whatever else is shown: with the
/// block's row total r, column total c and sum t from max(0, r + c - t) to min(r, c). Which rows are hidden
/// depends on the row totals only, so tables with the same rows fit each other. Precondition: counts are not
/// negative, and no row's exceed its total. Time: rows * columns where no cell is small, at most
/// rows^3 * columns * log columns.
[[nodiscard]] ShownCells suppress_cells(std::span<std::int64_t const> count,
                                        std::span<std::int64_t const> row_total, std::int64_t min_cell);

}  // namespace tessera
