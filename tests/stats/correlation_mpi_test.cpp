// SPDX-License-Identifier: Apache-2.0
#include "tessera/data/matrix.hpp"
#include "tessera/stats/correlation.hpp"

#include <algorithm>
#include <cmath>

#include "mpi/main.hpp"
#include "stats/sample.hpp"
#include <gtest/gtest.h>

namespace tessera {
namespace {

using test::bits;

/// Columns with common factors, different units and offsets; the last one constant.
float cell(std::uint64_t row, std::size_t column, std::size_t columns) {
  if (column + 1 == columns) return 0.1F;
  Draw const draw(21, Purpose::generate);
  double const common = draw.uniform(row, static_cast<std::uint32_t>(column % 3));
  double const own = draw.uniform(row, static_cast<std::uint32_t>(100 + column));
  double const weight = static_cast<double>(column % 5) - 2;
  return static_cast<float>((weight * common + own) * std::pow(10.0, static_cast<double>(column % 7) - 3) +
                            static_cast<double>(column % 4) * 1000);
}

Matrix<float> matrix(Communicator const& comm, std::uint64_t rows, std::size_t columns) {
  Matrix<float> out;
  out.blocks = regular_blocks(rows, comm.rank(), comm.size());
  out.columns = columns;
  for (std::size_t r = 0; r < out.rows(); ++r) {
    for (std::size_t c = 0; c < columns; ++c) {
      out.values.push_back(cell(out.blocks.global(LocalRow{r}).value, c, columns));
    }
  }
  return out;
}

TEST(Correlation, gives_the_same_bits_for_any_number_of_ranks) {
  for (std::size_t const columns : {1U, 2U, 7U, 8U, 9U, 20U}) {
    for (std::uint64_t const rows : {1U, 5U, 1024U, 5000U}) {
      EXPECT_EQ(bits(correlation(test::world(), matrix(test::world(), rows, columns))),
                bits(correlation(Communicator::self(), matrix(Communicator::self(), rows, columns))))
          << rows << " x " << columns;
    }
  }
}

TEST(Correlation, agrees_with_extended_precision) {
  constexpr std::uint64_t kRows = 3000;
  constexpr std::size_t kColumns = 19;
  auto const m = matrix(Communicator::self(), kRows, kColumns);
  auto const actual = correlation(Communicator::self(), m);
  auto const at = [&](std::size_t r, std::size_t c) {
    return static_cast<long double>(m.values[r * kColumns + c]);
  };
  std::vector<long double> mean(kColumns, 0);
  for (std::size_t c = 0; c < kColumns; ++c) {
    for (std::size_t r = 0; r < kRows; ++r) mean[c] += at(r, c) / kRows;
  }
  for (std::size_t i = 0; i < kColumns; ++i) {
    for (std::size_t j = 0; j < kColumns; ++j) {
      if (i + 1 == kColumns || j + 1 == kColumns) {
        EXPECT_EQ(actual[i * kColumns + j], i == j ? 1.0 : 0.0);
        continue;
      }
      long double ij = 0, ii = 0, jj = 0;
      for (std::size_t r = 0; r < kRows; ++r) {
        ij += (at(r, i) - mean[i]) * (at(r, j) - mean[j]);
        ii += (at(r, i) - mean[i]) * (at(r, i) - mean[i]);
        jj += (at(r, j) - mean[j]) * (at(r, j) - mean[j]);
      }
      EXPECT_NEAR(actual[i * kColumns + j], static_cast<double>(ij / std::sqrt(ii * jj)), 1e-12)
          << i << ", " << j;
    }
  }
}

TEST(Correlation, is_symmetric_within_bounds_and_one_on_the_diagonal) {
  auto const m = matrix(test::world(), 2000, 30);
  auto const c = correlation(test::world(), m);
  for (std::size_t i = 0; i < 30; ++i) {
    EXPECT_EQ(c[i * 30 + i], 1.0);
    for (std::size_t j = 0; j < 30; ++j) {
      EXPECT_EQ(bits(c[i * 30 + j]), bits(c[j * 30 + i]));
      EXPECT_LE(std::abs(c[i * 30 + j]), 1.0);
    }
  }
}

TEST(Correlation, of_a_column_with_itself_and_with_its_negative_is_exact) {
  Matrix<float> m;
  m.blocks = regular_blocks(3000, test::world().rank(), test::world().size());
  m.columns = 4;
  for (std::size_t r = 0; r < m.rows(); ++r) {
    float const value = cell(m.blocks.global(LocalRow{r}).value, 0, 9);
    m.values.insert(m.values.end(), {value, value, -value, 4 * value});
  }
  EXPECT_EQ(correlation(test::world(), m),
            (std::vector<double>{1, 1, -1, 1, 1, 1, -1, 1, -1, -1, 1, -1, 1, 1, -1, 1}));
}

TEST(Correlation, of_more_column_pairs_than_are_held_at_once_is_the_same_as_of_few) {
  constexpr std::size_t kColumns = 136;  // 17 panels: 153 pairs of panels
  auto const wide = matrix(test::world(), 1500, kColumns);
  Matrix<float> narrow_one;
  narrow_one.blocks = wide.blocks;
  narrow_one.columns = 2;
  for (std::size_t r = 0; r < wide.rows(); ++r) {
    narrow_one.values.push_back(wide.values[r * kColumns + 3]);
    narrow_one.values.push_back(wide.values[r * kColumns + 130]);
  }
  auto const of_wide = correlation(test::world(), wide);
  auto const of_narrow = correlation(test::world(), narrow_one);
  EXPECT_EQ(bits(of_wide[3 * kColumns + 130]), bits(of_narrow[1]));
  EXPECT_EQ(bits(of_wide[130 * kColumns + 3]), bits(of_narrow[1]));
}

TEST(Correlation, of_no_columns_or_no_rows_is_empty_or_the_identity) {
  EXPECT_TRUE(correlation(test::world(), Matrix<float>{regular_blocks(10, 0, 1), 0, {}}).empty());
  EXPECT_EQ(correlation(test::world(), Matrix<double>{RowBlocks{}, 2, {}}),
            (std::vector<double>{1, 0, 0, 1}));
}

}  // namespace
}  // namespace tessera
