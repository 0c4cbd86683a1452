// SPDX-License-Identifier: Apache-2.0
#include "shown_profile.hpp"

#include "tessera/profile/suppress_cells.hpp"

#include <algorithm>
#include <cstddef>
#include <map>
#include <numeric>
#include <optional>
#include <string>

namespace tessera {

namespace {

using Indices = std::vector<std::size_t>;

/// What customers have or have not: an item, a feature that is 1.
struct Property {
  std::string name;
  std::vector<std::int64_t> customers;  ///< [segments]
};

/// The items in their order, then features that are none of them.
struct Properties {
  std::vector<Property> all;
  std::vector<std::optional<std::size_t>> of_binary;  ///< [binary features]; none: their counts are unknown
};

Properties properties_of(SegmentCounts const& counts) {
  Properties out;
  for (std::size_t item = 0; item < counts.item.size(); ++item) {
    auto& property = out.all.emplace_back(Property{counts.item[item], {}});
    for (std::size_t segment = 0; segment < counts.size.size(); ++segment)
      property.customers.push_back(counts.support[segment * counts.item.size() + item]);
  }
  std::map<std::string, std::size_t> known;
  for (std::size_t i = 0; i < out.all.size(); ++i) known.emplace(out.all[i].name, i);
  for (auto const& feature : counts.binary) {
    auto const same = known.find(feature.item);
    if (same != known.end()) {
      out.of_binary.emplace_back(same->second);
    } else if (feature.customers.empty()) {
      out.of_binary.emplace_back(std::nullopt);
    } else {
      out.of_binary.emplace_back(out.all.size());
      known.emplace(feature.item, out.all.size());
      out.all.push_back({feature.item, feature.customers});
    }
  }
  return out;
}

/// Whether a customer may have only one of the properties, as far as numbers tell. Counts from means of
/// single precision may come to a few too many.
bool may_exclude_each_other(std::vector<std::int64_t> const& size, std::vector<Property> const& properties,
                            Indices const& together) {
  for (std::size_t segment = 0; segment < size.size(); ++segment) {
    std::int64_t held = 0;
    for (auto const i : together) held += properties[i].customers[segment];
    if (held > size[segment] + size[segment] / 1'000'000) return false;
  }
  return true;
}

/// The properties of each table.
std::vector<Indices> tables_of(std::vector<std::int64_t> const& size,
                               std::vector<Property> const& properties) {
  std::map<std::string, Indices> of_column;
  std::vector<Indices> out;
  for (std::size_t i = 0; i < properties.size(); ++i) {
    auto const cut = properties[i].name.find('=');
    if (cut == std::string::npos) {
      out.push_back({i});
    } else {
      of_column[properties[i].name.substr(0, cut)].push_back(i);
    }
  }
  for (auto& [column, together] : of_column) {
    if (may_exclude_each_other(size, properties, together)) {
      out.push_back(std::move(together));
    } else {
      for (auto const i : together) out.push_back({i});
    }
  }
  return out;
}

/// suppress_cells of every table.
struct Shown {
  std::vector<std::uint8_t> total;  ///< [properties]
  std::vector<std::uint8_t> cell;   ///< [segments, properties]
};

Shown suppress_tables(std::vector<std::int64_t> const& size, std::vector<Property> const& properties,
                      std::int64_t min_cell) {
  Shown out{std::vector<std::uint8_t>(properties.size(), 0),
            std::vector<std::uint8_t>(size.size() * properties.size(), 0)};
  for (auto const& table : tables_of(size, properties)) {
    std::vector<std::int64_t> count;
    for (std::size_t segment = 0; segment < size.size(); ++segment) {
      auto const row = static_cast<std::ptrdiff_t>(count.size());
      for (auto const i : table) count.push_back(properties[i].customers[segment]);
      auto const excess = std::accumulate(count.begin() + row, count.end(), -size[segment]);
      if (excess > 0) *std::max_element(count.begin() + row, count.end()) -= excess;
    }
    auto const shown = suppress_cells(count, size, min_cell);
    for (std::size_t i = 0; i < table.size(); ++i) {
      out.total[table[i]] = shown.column_total[i];
      for (std::size_t segment = 0; segment < size.size(); ++segment)
        out.cell[segment * properties.size() + table[i]] = shown.cell[segment * table.size() + i];
    }
  }
  return out;
}

}  // namespace

ShownProfile shown_profile(SegmentCounts const& counts, std::int64_t min_cell) {
  auto const properties = properties_of(counts);
  auto const shown = suppress_tables(counts.size, properties.all, min_cell);
  auto const items = counts.item.size(), all = properties.all.size();
  ShownProfile out;
  out.segment = shown_parts(counts.size, min_cell);
  out.item.assign(shown.total.begin(), shown.total.begin() + static_cast<std::ptrdiff_t>(items));
  bool const unknown_is_shown = min_cell <= 1;
  for (std::size_t segment = 0; segment < counts.size.size(); ++segment) {
    for (std::size_t item = 0; item < items; ++item) out.cell.push_back(shown.cell[segment * all + item]);
    auto const first = out.feature.size();
    out.feature.insert(out.feature.end(), counts.features, out.segment[segment]);
    for (std::size_t i = 0; i < counts.binary.size(); ++i) {
      auto const property = properties.of_binary[i];
      bool const is_shown = property ? shown.cell[segment * all + *property] != 0 : unknown_is_shown;
      if (!is_shown) out.feature[first + counts.binary[i].feature] = 0;
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
