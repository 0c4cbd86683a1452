// SPDX-License-Identifier: Apache-2.0
#include "tessera/io/read_table.hpp"

#include <limits>

#include "table_parser.hpp"

namespace tessera {

TableRead read_table(Communicator const& comm, TableSpec const& spec, KeyHasher const& hash,
                     Progress& progress, CsvPortions const& portions) {
  auto const parser =
      open_table(comm, spec, hash, progress, portions, std::numeric_limits<std::uint64_t>::max());
  return read_whole(comm, spec, *parser);
}

}  // namespace tessera
