// SPDX-License-Identifier: Apache-2.0
#include "tessera/prep/clean_categories.hpp"

#include "tessera/comm/agree.hpp"
#include "tessera/comm/collectives.hpp"
#include "tessera/io/category_cleaner.hpp"

#include <algorithm>
#include <optional>
#include <span>
#include <string>

#include "category_codes.hpp"

namespace tessera {

namespace {

/// *Collective.* Renames the categories of each column for which rename(column, specification) gives new
/// names; returns the rows changed in each, over all ranks.
template <class Rename>
std::vector<std::uint64_t> rename_columns(Communicator const& comm, Table& table,
                                          std::vector<ColumnSpec> const& columns, Rename&& rename) {
  std::vector<std::uint64_t> changed(table.columns.size(), 0);
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    auto* const column = std::get_if<CategoryColumn>(&table.columns[i].data);
    auto const spec = std::find_if(columns.begin(), columns.end(), [&](ColumnSpec const& declared) {
      return declared.name == table.columns[i].name;
    });
    if (column != nullptr && spec != columns.end()) changed[i] = rename(*column, *spec);
  }
  all_reduce(comm, std::span(changed), Reduce::sum);
  return changed;
}

/// The names with the rare ones replaced; nothing where none is rare.
std::vector<std::optional<std::string>> without_rare(CategoryColumn const& column, RareSpec const& rare,
                                                     std::vector<std::uint64_t> const& counts) {
  std::uint64_t present = 0;
  for (auto const count : counts) present += count;
  std::vector<std::optional<std::string>> names(column.categories.begin(), column.categories.end());
  for (std::size_t code = 0; code < counts.size(); ++code) {
    double const share = static_cast<double>(counts[code]) / static_cast<double>(present);
    if (share < rare.min_share) names[code] = rare.name;
  }
  return names;
}

}  // namespace

std::vector<std::uint64_t> clean_categories(Communicator const& comm, Table& table,
                                            std::vector<ColumnSpec> const& columns) {
  return rename_columns(comm, table, columns, [&](CategoryColumn& column, ColumnSpec const& spec) {
    return together(comm, [&] {
      CategoryCleaner const clean(spec);
      if (clean.idle()) return std::uint64_t{0};
      std::vector<std::optional<std::string>> renamed;
      for (auto const& value : column.categories) renamed.push_back(clean(value));
      return detail::rename_categories(column, renamed);
    });
  });
}

std::vector<std::uint64_t> fold_rare_categories(Communicator const& comm, Table& customers,
                                                std::vector<ColumnSpec> const& columns) {
  return rename_columns(comm, customers, columns, [&](CategoryColumn& column, ColumnSpec const& spec) {
    if (!spec.rare) return std::uint64_t{0};
    auto const counts = detail::category_counts(comm, column);
    return together(
        comm, [&] { return detail::rename_categories(column, without_rare(column, *spec.rare, counts)); });
  });
}

}  // namespace tessera
