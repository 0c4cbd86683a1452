// SPDX-License-Identifier: Apache-2.0
#include "tessera/data/table.hpp"

#include "tessera/core/error.hpp"

namespace tessera {

Column const& Table::column(std::string_view column_name) const {
  for (auto const& column : columns) {
    if (column.name == column_name) return column;
  }
  throw BugError("table " + name + " has no column " + std::string(column_name));
}

}  // namespace tessera
