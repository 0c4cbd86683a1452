// SPDX-License-Identifier: Apache-2.0
#include "columns.hpp"

#include "tessera/core/error.hpp"

#include <string>

#include <fmt/format.h>

namespace tessera::detail {

namespace {

/// The column of this name whose data are a Data.
template <class Data>
Column const& find(Table const& table, std::string_view column, std::string_view user,
                   std::string_view kind) {
  std::string choices;
  for (auto const& candidate : table.columns) {
    if constexpr (!std::is_void_v<Data>) {
      if (!std::holds_alternative<Data>(candidate.data)) continue;
    }
    if (candidate.name == column) return candidate;
    choices += (choices.empty() ? "" : ", ") + candidate.name;
  }
  throw ConfigurationError(
      fmt::format("{} uses \"{}\", which is not a {}column of table {}", user, column, kind, table.name),
      "it cannot be computed without it",
      choices.empty() ? fmt::format("table {} has no such column: read one, or leave this out", table.name)
                      : fmt::format("name one of: {}", choices));
}

}  // namespace

std::span<double const> numbers_of(Table const& table, std::string_view column, std::string_view user) {
  return std::get<NumberColumn>(find<NumberColumn>(table, column, user, "number or date ").data).values;
}

CategoryColumn const& categories_of(Table const& table, std::string_view column, std::string_view user) {
  return std::get<CategoryColumn>(find<CategoryColumn>(table, column, user, "category ").data);
}

Column const& column_of(Table const& table, std::string_view column, std::string_view user) {
  return find<void>(table, column, user, "");
}

}  // namespace tessera::detail
