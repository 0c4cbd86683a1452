// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/comm/communicator.hpp"
#include "tessera/core/fixed_point.hpp"
#include "tessera/data/matrix.hpp"

#include <algorithm>
#include <cstddef>
#include <span>
#include <vector>

/// The customers as the algorithm sees them. The score |c|^2/2 - x.c cancels far from the origin and
/// overflows for large values, so the columns are centred and all are divided by one power of two, which
/// rounds nothing: a stored value v stands for mean + v * unit, and |v| <= 1.
namespace tessera::cluster {

struct Customers {
  Matrix<float> matrix;          ///< stored values
  std::vector<double> mean;      ///< [columns]
  double unit = 1;               ///< a power of two
  std::vector<FixedPoint> grid;  ///< [columns] for sums of stored values over all customers
  std::vector<double> scale;     ///< [columns] grid steps per stored unit, below 2^51 for every value
  double sum_of_squares = 0;     ///< of all stored values of all ranks

  [[nodiscard]] std::size_t rows() const noexcept { return matrix.rows(); }
  [[nodiscard]] std::size_t columns() const noexcept { return matrix.columns; }
  /// `count` rows from local row `first` on, row-major.
  [[nodiscard]] std::span<float const> rows(std::size_t first, std::size_t count) const noexcept {
    return std::span(matrix.values).subspan(first * columns(), count * columns());
  }
};

/// *Collective.* Centres a matrix in place. Throws InputError for a value that is not finite.
[[nodiscard]] Customers centre(Communicator const& comm, Matrix<float> matrix);

/// Local. Points in the caller's units as stored values, and back. Row-major [n, columns].
[[nodiscard]] std::vector<float> to_stored(Customers const& customers, std::span<double const> points);
[[nodiscard]] std::vector<double> from_stored(Customers const& customers, std::span<float const> points);

/// Local. Calls work(first, count) for consecutive runs of rows that stay in the second cache level together.
template <class Work>
void for_each_chunk(std::size_t rows, Work&& work) {
  constexpr std::size_t kChunk = 1024;
  for (std::size_t first = 0; first < rows; first += kChunk) work(first, std::min(kChunk, rows - first));
}

}  // namespace tessera::cluster
