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
  }
  throw BugError("a table format without a reader");
}

}  // namespace tessera
