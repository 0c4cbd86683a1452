// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/cluster/kmeans.hpp"
#include "tessera/comm/communicator.hpp"
#include "tessera/core/fixed_point.hpp"
#include "tessera/data/matrix.hpp"

#include <algorithm>
#include <cstddef>
#include <span>
#include <type_traits>
#include <vector>

/// The customers as the algorithm sees them. The score |c|^2/2 - x.c cancels far from the origin and
/// overflows for large values, so the columns are centred and all are divided by one power of two, which
/// rounds nothing: a stored value v stands for mean + v * unit, and |v| <= 1.
namespace tessera::cluster {

template <class T>
struct Customers {
  Matrix<T> matrix;       ///< stored values
  std::vector<T> weight;  ///< [rows], or empty: every customer weighs 1
  Distance distance = Distance::euclidean;
  std::vector<double> mean;      ///< [columns]
  double unit = 1;               ///< a power of two
  std::vector<FixedPoint> grid;  ///< [columns] for sums of weight * stored value over all customers
  std::vector<double> scale;     ///< [columns] grid steps per stored unit, below 2^51 for every value
  FixedPoint weight_grid = FixedPoint::for_sum(1, 1);  ///< for sums of weights over all customers
  double total_weight = 0;                             ///< of all ranks
  double sum_of_squares = 0;                           ///< of all stored values of all ranks, weighted

  [[nodiscard]] std::size_t rows() const noexcept { return matrix.rows(); }
  [[nodiscard]] std::size_t columns() const noexcept { return matrix.columns; }
  /// `count` rows from local row `first` on, row-major.
  [[nodiscard]] std::span<T const> rows(std::size_t first, std::size_t count) const noexcept {
    return std::span(matrix.values).subspan(first * columns(), count * columns());
  }
  [[nodiscard]] double weight_of(std::size_t row) const noexcept {
    return weight.empty() ? 1.0 : static_cast<double>(weight[row]);
  }
};

/// *Collective.* Centres a matrix in place; for the cosine distance, after bringing every row to length 1.
/// `weight`: [rows], or empty on all ranks. Throws InputError for a value that is not finite, a weight that
/// is not positive, and a row of zeros that the cosine distance cannot place.
template <class T>
[[nodiscard]] Customers<T> centre(Communicator const& comm, Matrix<T> matrix, std::vector<T> weight,
                                  Distance distance);

/// Local. Points in the caller's units as stored values, and back. Row-major [n, columns]. For the cosine
/// distance, points are brought to length 1 on their way in.
template <class T>
[[nodiscard]] std::vector<T> to_stored(Customers<T> const& customers, std::span<double const> points);
template <class T>
[[nodiscard]] std::vector<double> from_stored(Customers<T> const& customers,
                                              std::type_identity_t<std::span<T const>> points);
/// Local. Stored points, brought to length 1 (around the caller's origin) for the cosine distance.
template <class T>
[[nodiscard]] std::vector<T> at_its_length(Customers<T> const& customers, std::vector<T> points);

/// Rows that stay in the second cache level together.
inline constexpr std::size_t kStretch = 1024;

/// Local. Calls work(first, count) for consecutive stretches of rows.
template <class Work>
void for_each_stretch(std::size_t rows, Work&& work) {
  for (std::size_t first = 0; first < rows; first += kStretch) work(first, std::min(kStretch, rows - first));
}

}  // namespace tessera::cluster
