// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/data/table.hpp"
#include "tessera/io/table_spec.hpp"

#include <cstddef>
#include <string>

/// The columns that a bridge's table is asked for.
namespace tessera::detail {

/// Local. The place of a declared column whose type `fits`. Throws ConfigurationError that names the key
/// (`user`) which asks for it, and what kind it wants.
[[nodiscard]] std::size_t declared_column(TableSpec const& spec, std::string const& name,
                                          std::string const& user, std::string const& kind,
                                          bool (*fits)(ColumnType));

/// Local. Throws ConfigurationError where a condition of the table is on a column that is not declared or of
/// another kind.
void check_where(TableSpec const& spec);

}  // namespace tessera::detail
