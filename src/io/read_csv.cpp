// SPDX-License-Identifier: Apache-2.0
#include "tessera/io/read_csv.hpp"

#include "tessera/comm/agree.hpp"
#include "tessera/comm/collectives.hpp"

#include <cstdint>
#include <limits>

#include "csv_table.hpp"

namespace tessera {

TableRead read_csv(Communicator const& comm, TableSpec const& spec, KeyHasher const& hash, Progress& progress,
                   CsvPortions const& portions) {
  constexpr auto kAll = std::numeric_limits<std::uint64_t>::max();
  CsvTable csv(comm, spec, hash, progress, portions, kAll);
  together(comm, [&] { csv.parse(kAll); });
  TableRead read = csv.finish();
  CsvRows& rows = csv.rows();
  if (spec.key.empty()) rows.hash_ordinals(exclusive_scan(comm, rows.records()));
  read.table = rows.take(comm);
  for (std::size_t i = 0; i < read.table.columns.size(); ++i) {
    if (auto* const column = std::get_if<CategoryColumn>(&read.table.columns[i].data)) {
      column->categories = rows.categories(i);
    }
  }
  return read;
}

}  // namespace tessera
