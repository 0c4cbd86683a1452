// SPDX-License-Identifier: Apache-2.0
#include "tessera/io/read_ids.hpp"

#include "tessera/comm/agree.hpp"
#include "tessera/comm/collectives.hpp"
#include "tessera/core/error.hpp"

#include <cstdint>

#include "table_parser.hpp"
#include <fmt/format.h>

namespace tessera {

namespace {

/// The table with its key as its only column. What means "no id" stays as it is declared.
TableSpec only_key(TableSpec const& table) {
  TableSpec spec = table;
  spec.columns.clear();
  for (auto const& declared : table.columns) {
    if (declared.field() != table.key) continue;
    ColumnSpec& column = spec.columns.emplace_back();
    column.name = declared.name;
    column.source = declared.source;
    column.type = ColumnType::id;
    column.missing = declared.missing;
    break;
  }
  return spec;
}

}  // namespace

void read_ids(Communicator const& comm, TableSpec const& spec, std::size_t at_a_time,
              std::function<void(IdBatch const&)> const& take) {
  if (spec.key.empty()) {
    throw ConfigurationError(fmt::format("table '{}' has no key column", spec.name),
                             "its rows carry no customer id, only their ordinal",
                             "name the column with the ids as the table's key, and run the job with it");
  }
  TableSpec const keys = only_key(spec);
  auto const parser = open_table(comm, keys, KeyHasher(), Progress::silent(), {}, 0);
  CsvRows& rows = parser->rows();
  rows.keep_ids();
  for (;;) {
    auto const parsed = together(comm, [&] { return parser->parse(at_a_time); });
    if (all_reduce(comm, parsed, Reduce::maximum) == 0) return;
    static_cast<void>(rows.take(comm));
    take(rows.take_ids());
  }
}

}  // namespace tessera
