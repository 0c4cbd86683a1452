// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/comm/communicator.hpp"
#include "tessera/data/matrix.hpp"

#include <vector>

namespace tessera {

/// Mean and standard deviation (divisor rows - 1) of every column.
struct MatrixMoments {
  std::vector<double> mean, deviation;  ///< [columns]
};

/// *Collective.* Of a complete matrix, in two passes: per block in row order, then exactly over blocks.
[[nodiscard]] MatrixMoments matrix_moments(Communicator const& comm, Matrix<float> const& matrix);

}  // namespace tessera
