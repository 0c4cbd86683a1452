// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/comm/communicator.hpp"
#include "tessera/data/row_blocks.hpp"

#include <cstddef>
#include <span>
#include <vector>

namespace tessera {

/// *Collective.* Pearson correlations of the columns of a complete (no NaN) matrix `values`, row-major
/// [rows, columns] of this rank: row-major [columns, columns], symmetric, ones on the diagonal, zeros where a
/// column is constant. Centred by the mean in double; column sums and products are summed per block in row
/// order with a column or a pair of columns a lane, and added exactly over blocks. Memory: 8 bytes * columns
/// * rows of a block, and 5 MB.
[[nodiscard]] std::vector<double> correlation(Communicator const& comm, RowBlocks const& blocks,
                                              std::span<float const> values, std::size_t columns);

}  // namespace tessera
