// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/data/table.hpp"

#include <span>
#include <string_view>

/// Columns found by the names that a configuration gives, or a ConfigurationError that lists what there is.
namespace tessera::detail {

/// Local. Values of a number, date or datetime column. `user`: what asks for it, e.g. "feature age".
[[nodiscard]] std::span<double const> numbers_of(Table const& table, std::string_view column,
                                                 std::string_view user);

/// Local. A category column.
[[nodiscard]] CategoryColumn const& categories_of(Table const& table, std::string_view column,
                                                  std::string_view user);

/// Local. A column of any type.
[[nodiscard]] Column const& column_of(Table const& table, std::string_view column, std::string_view user);

}  // namespace tessera::detail
