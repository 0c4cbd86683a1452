// SPDX-License-Identifier: Apache-2.0
#include "shown_profile.hpp"

#include "tessera/profile/suppress_cells.hpp"

#include <algorithm>
#include <map>

namespace tessera {

namespace {

using Items = std::vector<std::size_t>;

/// Whether a customer may have only one of the items, as far as numbers tell.
bool may_exclude_each_other(std::span<std::int64_t const> size, std::span<std::int64_t const> support,
                            Items const& items) {
  std::size_t const all = size.empty() ? 0 : support.size() / size.size();
  for (std::size_t segment = 0; segment < size.size(); ++segment) {
    std::int64_t held = 0;
    for (auto const item : items) held += support[segment * all + item];
    if (held > size[segment]) return false;
  }
  return true;
}

/// The items of each table.
std::vector<Items> tables_of(std::span<std::int64_t const> size, std::vector<std::string> const& items,
                             std::span<std::int64_t const> support) {
  std::map<std::string, Items> of_column;
  std::vector<Items> out;
  for (std::size_t item = 0; item < items.size(); ++item) {
    auto const cut = items[item].find('=');
    if (cut == std::string::npos) {
      out.push_back({item});
    } else {
      of_column[items[item].substr(0, cut)].push_back(item);
    }
  }
  for (auto& [column, together] : of_column) {
    if (may_exclude_each_other(size, support, together)) {
      out.push_back(std::move(together));
    } else {
      for (auto const item : together) out.push_back({item});
    }
  }
  return out;
}

}  // namespace

ShownProfile shown_profile(std::span<std::int64_t const> size, std::vector<std::string> const& items,
                           std::span<std::int64_t const> support, std::int64_t min_cell) {
  ShownProfile out{shown_parts(size, min_cell), std::vector<std::uint8_t>(items.size(), 0),
                   std::vector<std::uint8_t>(support.size(), 0)};
  for (auto const& table : tables_of(size, items, support)) {
    std::vector<std::int64_t> count;
    for (std::size_t segment = 0; segment < size.size(); ++segment) {
      for (auto const item : table) count.push_back(support[segment * items.size() + item]);
    }
    auto const shown = suppress_cells(count, size, min_cell);
    for (std::size_t i = 0; i < table.size(); ++i) {
      out.item[table[i]] = shown.column_total[i];
      for (std::size_t segment = 0; segment < size.size(); ++segment)
        out.cell[segment * items.size() + table[i]] = shown.cell[segment * table.size() + i];
    }
  }
  return out;
}

bool tells_small_group(std::int64_t customers, std::int64_t antecedent, std::int64_t consequent,
                       std::int64_t both, std::int64_t min_cell) noexcept {
  auto const is_small = [min_cell](std::int64_t group) { return group > 0 && group < min_cell; };
  return is_small(both) || is_small(antecedent - both) || is_small(consequent - both) ||
         is_small(customers - antecedent - consequent + both);
}

}  // namespace tessera
