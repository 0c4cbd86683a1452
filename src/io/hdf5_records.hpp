// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/io/record_file.hpp"

namespace tessera {

/// Local. A table in an HDF5 file: the compound dataset [rows] that spec.dataset names, or the group whose
/// datasets [rows] are its columns. Opened by this rank alone, without MPI: what is wrong with a part stays a
/// plain error, and strings of variable length, which HDF5 does not read in parallel, are fine. Before memory
/// is taken for it, whatever the file says of its sizes is held against the file.
[[nodiscard]] std::unique_ptr<RecordFile> open_hdf5_records(TableSpec const& spec, FileEntry const& file);

}  // namespace tessera
