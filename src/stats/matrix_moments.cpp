// SPDX-License-Identifier: Apache-2.0
#include "tessera/stats/matrix_moments.hpp"

#include "tessera/stats/exact_sum.hpp"

#include <cmath>

namespace tessera {

namespace {

/// Column sums of term(value, column): in double within a block, exactly over blocks and ranks.
template <class Term>
std::vector<double> column_sums(Communicator const& comm, Matrix<float> const& matrix, Term&& term) {
  std::vector<ExactSum> sums(matrix.columns);
  std::vector<double> block_sum(matrix.columns);
  for (std::size_t block = 0; block < matrix.blocks.blocks(); ++block) {
    block_sum.assign(matrix.columns, 0.0);
    for (std::size_t row = matrix.blocks.offset[block]; row < matrix.blocks.offset[block + 1]; ++row) {
      auto const values = matrix.row(LocalRow{row});
      for (std::size_t column = 0; column < matrix.columns; ++column) {
        block_sum[column] += term(static_cast<double>(values[column]), column);
      }
    }
    for (std::size_t column = 0; column < matrix.columns; ++column) sums[column].add(block_sum[column]);
  }
  return exact_totals(comm, sums);
}

}  // namespace

MatrixMoments matrix_moments(Communicator const& comm, Matrix<float> const& matrix) {
  auto const rows = static_cast<double>(matrix.blocks.total_rows);
  MatrixMoments moments;
  moments.mean = column_sums(comm, matrix, [](double value, std::size_t) { return value; });
  for (auto& mean : moments.mean) mean /= rows;
  moments.deviation = column_sums(comm, matrix, [&](double value, std::size_t column) {
    double const centred = value - moments.mean[column];
    return centred * centred;
  });
  for (auto& deviation : moments.deviation) deviation = rows > 1 ? std::sqrt(deviation / (rows - 1)) : 0.0;
  return moments;
}

}  // namespace tessera
