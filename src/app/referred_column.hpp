// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/data/table.hpp"
#include "tessera/io/table_spec.hpp"

#include <string>

/// Columns that other keys of a configuration refer to.
namespace tessera {

/// Local. Whether a column of this type can be compared and computed with.
[[nodiscard]] inline bool is_number(ColumnType type) {
  return type != ColumnType::category && type != ColumnType::id;
}

/// Local. The declared column that `key` refers to. Throws ConfigurationError where there is none.
[[nodiscard]] ColumnSpec const& referred(TableSpec const& table, std::string const& column,
                                         std::string const& key, std::string const& origin);

/// Local. Throws ConfigurationError unless it is there and a number or date.
void require_number(TableSpec const& table, std::string const& column, std::string const& key,
                    std::string const& origin);

}  // namespace tessera
