// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/comm/communicator.hpp"
#include "tessera/data/matrix.hpp"

#include <span>
#include <type_traits>
#include <vector>

namespace tessera {

/// Mean and standard deviation of every column. With weights w of n rows, the deviation's divisor is
/// (n - 1) / n * sum of w: n - 1 where all are 1, and the same result for weights of another unit.
struct MatrixMoments {
  std::vector<double> mean, deviation;  ///< [columns]
};

/// What rows are brought to before they count; a row of zeros stays one.
enum class RowLength { own, one };

/// *Collective.* Of a complete matrix in float or double, in two passes: per block in row order, then exactly
/// over blocks. `weight`: [rows], or empty on all ranks, for rows that count alike.
template <class T>
[[nodiscard]] MatrixMoments matrix_moments(Communicator const& comm, Matrix<T> const& matrix,
                                           std::type_identity_t<std::span<T const>> weight = {},
                                           RowLength length = RowLength::own);

extern template MatrixMoments matrix_moments(Communicator const&, Matrix<float> const&,
                                             std::span<float const>, RowLength);
extern template MatrixMoments matrix_moments(Communicator const&, Matrix<double> const&,
                                             std::span<double const>, RowLength);

}  // namespace tessera
