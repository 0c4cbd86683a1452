// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/comm/communicator.hpp"
#include "tessera/data/matrix.hpp"

#include <cstdint>
#include <string>
#include <vector>

/// Matrices of anybody's HDF5 files.
namespace tessera {

/// *Collective.* A two-dimensional numeric dataset [rows, columns] in file order, as regular_blocks, in float
/// or double. What is read as float and stored as another type passes through float64 in a bounded buffer, so
/// that the peak memory is the matrix and some MB. Numbers beyond float32 become infinite; NaN stays. Throws
/// InputError when the file or the dataset is missing (listing those that there are), is damaged, is not
/// numeric, not two-dimensional, empty, wider than 2^31 - 1 columns, or keeps its values in other files.
template <class T>
[[nodiscard]] Matrix<T> read_matrix(Communicator const& comm, std::string const& path,
                                    std::string const& dataset);

/// *Collective.* A numeric dataset [rows] or [rows, 1]: this rank's values of a column beside a matrix of
/// these blocks. Throws InputError as read_matrix does, and for another number of rows or columns.
template <class T>
[[nodiscard]] std::vector<T> read_column(Communicator const& comm, std::string const& path,
                                         std::string const& dataset, RowBlocks const& blocks);

struct MatrixShape {
  std::uint64_t rows = 0, columns = 0;
};

/// *Collective.* The shape of such a dataset, by its metadata alone. Throws as read_matrix.
[[nodiscard]] MatrixShape read_matrix_shape(Communicator const& comm, std::string const& path,
                                            std::string const& dataset);

/// *Collective.* The values of a small matrix of a known shape, such as initial centroids: row-major [rows,
/// columns] on every rank. Throws InputError also when the shape is another.
[[nodiscard]] std::vector<double> read_small_matrix(Communicator const& comm, std::string const& path,
                                                    std::string const& dataset, std::uint64_t rows,
                                                    std::uint64_t columns);

}  // namespace tessera
