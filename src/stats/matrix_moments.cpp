// SPDX-License-Identifier: Apache-2.0
#include "tessera/stats/matrix_moments.hpp"

#include "tessera/comm/collectives.hpp"
#include "tessera/stats/exact_sum.hpp"

#include <cmath>

namespace tessera {

namespace {

/// The rows of a matrix, and what they count.
template <class T>
struct Rows {
  Matrix<T> const& matrix;
  std::span<T const> weight;
  RowLength length;

  [[nodiscard]] double weight_of(std::size_t row) const {
    return weight.empty() ? 1.0 : static_cast<double>(weight[row]);
  }
  /// What the values of a row are multiplied by.
  [[nodiscard]] double factor_of(std::span<T const> values) const {
    if (length == RowLength::own) return 1.0;
    double squares = 0;
    for (T const value : values) squares += static_cast<double>(value) * static_cast<double>(value);
    return squares > 0 ? 1 / std::sqrt(squares) : 1.0;
  }
};

/// Column sums of weight * term(value, column): in double within a block, exactly over blocks and ranks.
template <class T, class Term>
std::vector<double> column_sums(Communicator const& comm, Rows<T> const& rows, Term&& term) {
  auto const& matrix = rows.matrix;
  std::vector<ExactSum> sums(matrix.columns);
  std::vector<double> block_sum(matrix.columns);
  for (std::size_t block = 0; block < matrix.blocks.blocks(); ++block) {
    block_sum.assign(matrix.columns, 0.0);
    for (std::size_t row = matrix.blocks.offset[block]; row < matrix.blocks.offset[block + 1]; ++row) {
      auto const values = matrix.row(LocalRow{row});
      double const weight = rows.weight_of(row), factor = rows.factor_of(values);
      for (std::size_t column = 0; column < matrix.columns; ++column) {
        block_sum[column] += weight * term(static_cast<double>(values[column]) * factor, column);
      }
    }
    for (std::size_t column = 0; column < matrix.columns; ++column) sums[column].add(block_sum[column]);
  }
  return exact_totals(comm, sums);
}

/// *Collective.*
template <class T>
double total_weight(Communicator const& comm, Rows<T> const& rows) {
  std::vector<ExactSum> sum(1);
  for (T const weight : rows.weight) sum.front().add(static_cast<double>(weight));
  return exact_totals(comm, sum).front();
}

}  // namespace

template <class T>
MatrixMoments matrix_moments(Communicator const& comm, Matrix<T> const& matrix,
                             std::type_identity_t<std::span<T const>> weight, RowLength length) {
  Rows<T> const rows{matrix, weight, length};
  auto const n = static_cast<double>(matrix.blocks.total_rows);
  // A rank without rows has no weights in any case.
  bool const weighted = all_reduce(comm, weight.empty() ? 0 : 1, Reduce::maximum) == 1;
  double const total = weighted ? total_weight(comm, rows) : n;
  double const divisor = weighted ? total * ((n - 1) / n) : n - 1;
  MatrixMoments moments;
  moments.mean = column_sums(comm, rows, [](double value, std::size_t) { return value; });
  for (auto& mean : moments.mean) mean /= total;
  moments.deviation = column_sums(comm, rows, [&](double value, std::size_t column) {
    double const centred = value - moments.mean[column];
    return centred * centred;
  });
  for (auto& deviation : moments.deviation) deviation = n > 1 ? std::sqrt(deviation / divisor) : 0.0;
  return moments;
}

template MatrixMoments matrix_moments(Communicator const&, Matrix<float> const&, std::span<float const>,
                                      RowLength);
template MatrixMoments matrix_moments(Communicator const&, Matrix<double> const&, std::span<double const>,
                                      RowLength);

}  // namespace tessera
