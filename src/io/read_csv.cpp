// SPDX-License-Identifier: Apache-2.0
#include "tessera/io/read_csv.hpp"

#include <cstdint>
#include <limits>

#include "csv_table.hpp"

namespace tessera {

TableRead read_csv(Communicator const& comm, TableSpec const& spec, KeyHasher const& hash, Progress& progress,
                   CsvPortions const& portions) {
  CsvTable csv(comm, spec, hash, progress, portions, std::numeric_limits<std::uint64_t>::max());
  return read_whole(comm, spec, csv);
}

}  // namespace tessera
