// SPDX-License-Identifier: Apache-2.0
#include "tessera/prep/quality.hpp"

#include "tessera/comm/agree.hpp"
#include "tessera/comm/collectives.hpp"
#include "tessera/prep/clean_categories.hpp"
#include "tessera/stats/distinct.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace tessera {

namespace {

/// *Collective.* Rejects by column and reason.
std::vector<RejectCount> count_rejects(Communicator const& comm, std::span<Reject const> rejects,
                                       std::size_t columns) {
  std::size_t const reasons = reject_reasons().size();
  std::vector<std::uint64_t> counts((columns + 1) * reasons);  // the record as a whole first
  for (auto const& reject : rejects) {
    ++counts[static_cast<std::size_t>(reject.column + 1) * reasons + static_cast<std::size_t>(reject.reason)];
  }
  all_reduce(comm, std::span(counts), Reduce::sum);
  std::vector<RejectCount> out;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] == 0) continue;
    out.push_back(
        {static_cast<std::int32_t>(i / reasons) - 1, static_cast<RejectReason>(i % reasons), counts[i]});
  }
  return out;
}

/// *Collective.* Different ids, and how many rows have none.
void account_for_ids(Communicator const& comm, KeyColumn const& ids, ColumnQuality& quality) {
  auto present = together(comm, [&] {
    std::vector<Key> out;
    for (auto const& key : ids.keys) {
      if (key) out.push_back(*key);
    }
    return out;
  });
  quality.missing =
      all_reduce(comm, static_cast<std::uint64_t>(ids.keys.size() - present.size()), Reduce::sum);
  quality.distinct = count_distinct(comm, std::move(present));
}

/// *Collective.*
void account_for_column(Communicator const& comm, Column const& column, ColumnQuality& quality) {
  if (auto const* const ids = std::get_if<KeyColumn>(&column.data)) {
    account_for_ids(comm, *ids, quality);
    return;
  }
  quality.distribution = distribution_of(comm, column);
  quality.missing = quality.distribution.missing;
  if (auto const* const numbers = std::get_if<NumberColumn>(&column.data)) {
    quality.distinct = count_distinct(comm, numbers->values);
  } else {
    // The dictionary may still have values whose only rows were repetitions of an id.
    auto const& codes = std::get<CategoryColumn>(column.data).codes;
    std::vector<std::uint8_t> present(std::get<CategoryColumn>(column.data).categories.size());
    for (auto const code : codes) {
      if (code != kMissingCode) present[static_cast<std::size_t>(code)] = 1;
    }
    all_reduce(comm, std::span(present), Reduce::maximum);
    quality.distinct = static_cast<std::uint64_t>(std::count(present.begin(), present.end(), 1));
  }
}

}  // namespace

TableQuality clean_table(Communicator const& comm, TableRead& read, TableSpec const& spec) {
  TableQuality out;
  out.name = spec.name;
  out.records = read.records;
  out.rejected = read.rejected;
  auto const cleaned = clean_categories(comm, read.table, spec.columns);
  out.rejects = count_rejects(comm, read.rejects, spec.columns.size());
  for (std::size_t i = 0; i < spec.columns.size(); ++i) {
    ColumnQuality column;
    column.name = spec.columns[i].name;
    column.type = spec.columns[i].type;
    column.out_of_range = i < read.out_of_range.size() ? read.out_of_range[i] : 0;
    column.cleaned = cleaned[i];
    for (auto const& reject : out.rejects) {
      if (reject.column == static_cast<std::int32_t>(i)) column.rejected += reject.records;
    }
    out.columns.push_back(std::move(column));
  }
  return out;
}

void account_for(Communicator const& comm, Placed& placed, TableSpec const& spec, TableQuality& quality) {
  auto const folded = fold_rare_categories(comm, placed.table, spec.columns);
  quality.duplicates = placed.duplicates;
  quality.rows = all_reduce(comm, static_cast<std::uint64_t>(placed.table.rows()), Reduce::sum);
  for (std::size_t i = quality.columns.size(); i < placed.table.columns.size(); ++i) {
    quality.columns.emplace_back();
    quality.columns.back().name = placed.table.columns[i].name;
    quality.columns.back().type = placed.table.columns[i].type;
  }
  for (std::size_t i = 0; i < quality.columns.size(); ++i) {
    quality.columns[i].folded = folded[i];
    account_for_column(comm, placed.table.column(quality.columns[i].name), quality.columns[i]);
  }
}

}  // namespace tessera
