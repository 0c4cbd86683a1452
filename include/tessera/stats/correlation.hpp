// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/comm/communicator.hpp"
#include "tessera/data/matrix.hpp"

#include <vector>

namespace tessera {

/// *Collective.* Pearson correlations of the columns of a complete (no NaN) matrix in float or double:
/// row-major [columns, columns], symmetric, ones on the diagonal, zeros where a column is constant. Centred
/// by the mean in double; column sums and products are summed per block in row order with a column or a pair
/// of columns a lane, and added exactly over blocks. Memory: 8 bytes * columns
/// * rows of a block, and 5 MB.
template <class T>
[[nodiscard]] std::vector<double> correlation(Communicator const& comm, Matrix<T> const& matrix);

extern template std::vector<double> correlation(Communicator const&, Matrix<float> const&);
extern template std::vector<double> correlation(Communicator const&, Matrix<double> const&);

}  // namespace tessera
