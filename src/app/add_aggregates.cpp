// SPDX-License-Identifier: Apache-2.0
#include "add_aggregates.hpp"

#include "tessera/comm/agree.hpp"
#include "tessera/comm/collectives.hpp"
#include "tessera/core/fault.hpp"
#include "tessera/prep/bridge.hpp"
#include "tessera/prep/customer_rows.hpp"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <map>
#include <string_view>
#include <utility>

#include "customer_view.hpp"
#include <fmt/format.h>

namespace tessera {

namespace {

using Bridges = std::map<std::string, Bridge>;

void warn(std::vector<std::string>& warnings, TableSpec const& spec, std::uint64_t count,
          std::string const& what) {
  if (count > 0) warnings.push_back(fmt::format("table \"{}\": {} {}", spec.name, count, what));
}

/// Values that are most likely misspelt.
void warn_of_values(std::vector<std::string>& warnings, TableSpec const& spec,
                    std::vector<std::string> const& never_met, std::string_view who_asks) {
  for (auto const& value : never_met)
    warnings.push_back(
        fmt::format("table \"{}\": no row has {}, which {} asks for", spec.name, value, who_asks));
}

/// *Collective.* Those that some table needs.
Bridges build_bridges(Communicator const& comm, Configuration const& config, KeyHasher const& hash,
                      Table const& customers, Progress& progress, std::vector<std::string>& warnings) {
  Bridges out;
  for (auto const& table : config.tables) {
    if (table.via.empty() || out.contains(table.via)) continue;
    auto const spec = std::find_if(config.tables.begin(), config.tables.end(),
                                   [&](TableSpec const& candidate) { return candidate.name == table.via; });
    auto const built = out.emplace(table.via, build_bridge(comm, *spec, hash, customers, progress)).first;
    warn(warnings, *spec, built->second.without_link(), "rows without a link were not used");
    warn_of_values(warnings, *spec, built->second.values_never_met(), "its where");
  }
  return out;
}

/// *Collective.* One table's aggregates, as columns of the customers.
TableRead fold_table(Communicator const& comm, TableSpec const& spec, std::vector<AggregateSpec> aggregates,
                     KeyHasher const& hash, Bridge const* bridge, Table& customers, Progress& progress,
                     std::vector<std::string>& warnings) {
  auto fold = together(comm, [&] {
    fail_if_planted("fold", comm.rank());
    return AggregateFold(spec, std::move(aggregates), customers.rows());
  });
  auto joined = join_table(comm, spec, hash, customers, bridge, progress,
                           [&](TableStream const& stream, CustomerRows&& rows) {
                             together(comm, [&] {
                               fold.add(rows, [&](std::size_t column) -> std::vector<std::string> const& {
                                 return stream.categories(column);
                               });
                             });
                           });
  auto columns = together(comm, [&] { return fold.finish(); });
  std::move(columns.begin(), columns.end(), std::back_inserter(customers.columns));
  warn(warnings, spec, joined.unknown_customer, "rows are of no customer");
  warn(warnings, spec, joined.no_bridge, fmt::format("rows are of no link in table \"{}\"", spec.via));
  if (joined.rows == 0) warnings.push_back(fmt::format("table \"{}\": no row is of a customer", spec.name));
  warn(warnings, spec, all_reduce(comm, fold.rows_after_as_of(), Reduce::sum),
       "rows after as_of were not used");
  warn(warnings, spec, all_reduce(comm, fold.rows_without_date(), Reduce::sum),
       "rows without a date were not used");
  warn_of_values(warnings, spec, fold.values_never_met(), "a feature");
  return std::move(joined.read);
}

}  // namespace

OtherTables add_aggregates(Communicator const& comm, Configuration const& config, KeyHasher const& hash,
                           Table& customers, Progress& progress) {
  OtherTables out;
  auto const bridges = build_bridges(comm, config, hash, customers, progress, out.warnings);
  for (std::size_t i = 1; i < config.tables.size(); ++i) {
    auto const& spec = config.tables[i];
    auto aggregates = aggregates_of(config, spec);
    if (aggregates.empty()) {
      out.read.push_back(bridges.at(spec.name).read());
    } else {
      auto const bridge = bridges.find(spec.via);
      out.read.push_back(fold_table(comm, spec, std::move(aggregates), hash,
                                    bridge == bridges.end() ? nullptr : &bridge->second, customers, progress,
                                    out.warnings));
    }
    warn(out.warnings, spec, out.read.back().rejected,
         fmt::format("of {} records were rejected; /rejects says which and why", out.read.back().records));
  }
  for (auto const& spec : derived_features(config))
    customers.columns.push_back(derive(comm, customers, spec));
  return out;
}

}  // namespace tessera
