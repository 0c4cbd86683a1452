// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/io/table_writer.hpp"

namespace tessera {

/// Local. An HDF5 file with a group of the table's name and a dataset for each column.
[[nodiscard]] std::unique_ptr<TableWriter> open_hdf5_table(std::string const& path,
                                                           TableLayout const& layout);
/// Local. Bytes that a row takes in it.
[[nodiscard]] std::uint64_t hdf5_bytes_a_row(TableLayout const& layout);

}  // namespace tessera
