// SPDX-License-Identifier: Apache-2.0
#include "referred_column.hpp"

#include "tessera/core/error.hpp"
#include "tessera/core/nearest_name.hpp"

#include <vector>

#include <fmt/format.h>

namespace tessera {

ColumnSpec const& referred(TableSpec const& table, std::string const& column, std::string const& key,
                           std::string const& origin) {
  std::vector<std::string> names;
  for (auto const& declared : table.columns) {
    if (declared.name == column) return declared;
    names.push_back(declared.name);
  }
  throw ConfigurationError(
      fmt::format("{} = \"{}\" (table \"{}\" declares no such column)", key, column, table.name),
      "only declared columns are read",
      names.empty() ? fmt::format("declare [table.column.{}] in {}", column, origin)
                    : fmt::format("declare [table.column.{}] in {}, or did you mean \"{}\"?", column, origin,
                                  nearest_name(column, names)));
}

void require_number(TableSpec const& table, std::string const& column, std::string const& key,
                    std::string const& origin) {
  if (is_number(referred(table, column, key, origin).type)) return;
  throw ConfigurationError(
      fmt::format("{} = \"{}\" (the column is not a number)", key, column),
      "distances and quantiles need numbers",
      "use a column of type int, float, date or datetime; encode a category feature, or make it an item in "
      "items.columns");
}

}  // namespace tessera
