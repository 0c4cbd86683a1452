// SPDX-License-Identifier: Apache-2.0
#include "tessera/io/read_table.hpp"

#include "tessera/core/error.hpp"
#include "tessera/io/read_csv.hpp"

#include <fmt/format.h>

namespace tessera {

TableRead read_table(Communicator const& comm, TableSpec const& spec, KeyHasher const& hash,
                     Progress& progress) {
  switch (spec.format) {
    case TableFormat::csv:
      return read_csv(comm, spec, hash, progress);
    case TableFormat::hdf5:
      break;
  }
  throw ConfigurationError(fmt::format("the format of table '{}' is hdf5", spec.name),
                           "tables are read from CSV only",
                           "export the table as CSV and set format = \"csv\"");
}

}  // namespace tessera
