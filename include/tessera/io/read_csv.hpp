// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/io/csv_dialect.hpp"
#include "tessera/io/read_table.hpp"

namespace tessera {

/// *Collective.* read_table for tables in CSV. Memory of a rank: its rows, its part of the files that it
/// shares with other ranks where that is at most portions.keep_bytes, eight digest blocks, and a window of at
/// most max_record_bytes + 2 window_bytes with 4 bytes of marks a byte.
[[nodiscard]] TableRead read_csv(Communicator const& comm, TableSpec const& spec, KeyHasher const& hash,
                                 Progress& progress, CsvPortions const& portions = {});

}  // namespace tessera
