// SPDX-License-Identifier: Apache-2.0
#include "tessera/core/random.hpp"
#include "tessera/stats/matrix_moments.hpp"

#include <cmath>

#include "mpi/main.hpp"
#include "stats/sample.hpp"
#include <gtest/gtest.h>

namespace tessera {
namespace {

constexpr std::uint64_t kRows = 5000;
constexpr std::size_t kColumns = 4;

/// Whole numbers, which float and double hold alike.
template <class T>
Matrix<T> matrix(Communicator const& comm, std::uint64_t rows = kRows) {
  Draw const draw(23, Purpose::generate);
  Matrix<T> out{regular_blocks(rows, comm.rank(), comm.size()), kColumns, {}};
  for (std::size_t row = 0; row < out.rows(); ++row) {
    for (std::uint32_t c = 0; c < kColumns; ++c) {
      auto const global = out.blocks.global(LocalRow{row}).value;
      out.values.push_back(static_cast<T>(1 + draw.below(100, global, c) + 50 * c));
    }
  }
  return out;
}

/// 1, 2 or 3.
template <class T>
std::vector<T> weights(RowBlocks const& blocks) {
  std::vector<T> out;
  for (std::size_t row = 0; row < blocks.rows(); ++row)
    out.push_back(static_cast<T>(1 + blocks.global(LocalRow{row}).value % 3));
  return out;
}

void expect_near(std::vector<double> const& actual, std::vector<double> const& expected, double relative) {
  ASSERT_EQ(actual.size(), expected.size());
  for (std::size_t c = 0; c < actual.size(); ++c)
    EXPECT_NEAR(actual[c], expected[c], relative * std::abs(expected[c])) << "column " << c;
}

template <class T>
void expect_same_bits_as_on_one_rank() {
  auto const& self = Communicator::self();
  auto const own = matrix<T>(test::world()), all = matrix<T>(self);
  auto const own_weight = weights<T>(own.blocks), all_weight = weights<T>(all.blocks);
  for (auto const length : {RowLength::own, RowLength::one}) {
    for (bool const weighted : {false, true}) {
      auto const actual =
          matrix_moments(test::world(), own, weighted ? own_weight : std::vector<T>{}, length);
      auto const expected = matrix_moments(self, all, weighted ? all_weight : std::vector<T>{}, length);
      EXPECT_EQ(test::bits(actual.mean), test::bits(expected.mean));
      EXPECT_EQ(test::bits(actual.deviation), test::bits(expected.deviation));
    }
  }
}

TEST(MatrixMoments, are_the_same_bits_for_any_number_of_ranks) {
  expect_same_bits_as_on_one_rank<float>();
  expect_same_bits_as_on_one_rank<double>();
}

TEST(MatrixMoments, of_float_and_double_are_the_same_bits_where_both_hold_the_values) {
  auto const single = matrix_moments(test::world(), matrix<float>(test::world()));
  auto const twice = matrix_moments(test::world(), matrix<double>(test::world()));
  EXPECT_EQ(test::bits(single.mean), test::bits(twice.mean));
  EXPECT_EQ(test::bits(single.deviation), test::bits(twice.deviation));
}

TEST(MatrixMoments, of_weights_of_one_are_those_without_weights) {
  auto const m = matrix<float>(test::world());
  auto const plain = matrix_moments(test::world(), m);
  auto const weighted = matrix_moments(test::world(), m, std::vector<float>(m.rows(), 1.0F));
  EXPECT_EQ(test::bits(weighted.mean), test::bits(plain.mean));
  expect_near(weighted.deviation, plain.deviation, 1e-14);
}

TEST(MatrixMoments, of_weights_are_those_of_repeated_rows) {
  auto const m = matrix<double>(test::world());
  auto const weight = weights<double>(m.blocks);
  Matrix<double> repeated{{}, kColumns, {}};
  std::vector<std::size_t> rows_in_block;
  for (std::size_t block = 0; block < m.blocks.blocks(); ++block) {
    std::size_t rows = 0;
    for (auto row = m.blocks.offset[block]; row < m.blocks.offset[block + 1]; ++row) {
      for (double copy = 0; copy < weight[row]; ++copy, ++rows) {
        auto const values = m.row(LocalRow{row});
        repeated.values.insert(repeated.values.end(), values.begin(), values.end());
      }
    }
    rows_in_block.push_back(rows);
  }
  repeated.blocks = gather_blocks(test::world(), m.blocks.total_blocks, rows_in_block);
  auto const actual = matrix_moments(test::world(), m, weight);
  auto const expected = matrix_moments(test::world(), repeated);
  expect_near(actual.mean, expected.mean, 1e-13);
  expect_near(actual.deviation, expected.deviation, 1e-3);  // the divisor counts rows, not repetitions
}

TEST(MatrixMoments, of_rows_of_length_one_are_those_of_the_divided_matrix) {
  auto const m = matrix<double>(test::world());
  auto divided = m;
  for (std::size_t row = 0; row < m.rows(); ++row) {
    double squares = 0;
    for (double const value : m.row(LocalRow{row})) squares += value * value;
    for (double& value : divided.row(LocalRow{row})) value /= std::sqrt(squares);
  }
  auto const actual = matrix_moments(test::world(), m, {}, RowLength::one);
  auto const expected = matrix_moments(test::world(), divided);
  expect_near(actual.mean, expected.mean, 1e-13);
  expect_near(actual.deviation, expected.deviation, 1e-13);
}

TEST(MatrixMoments, of_one_row_have_no_deviation) {
  auto const m = matrix<float>(test::world(), 1);
  auto const weight = weights<float>(m.blocks);
  EXPECT_EQ(matrix_moments(test::world(), m).deviation, std::vector<double>(kColumns, 0.0));
  EXPECT_EQ(matrix_moments(test::world(), m, weight).deviation, std::vector<double>(kColumns, 0.0));
}

}  // namespace
}  // namespace tessera
