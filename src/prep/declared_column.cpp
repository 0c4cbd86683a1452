// SPDX-License-Identifier: Apache-2.0
#include "declared_column.hpp"

#include "tessera/core/error.hpp"

#include <fmt/format.h>

namespace tessera::detail {

namespace {

bool is_category(ColumnType type) {
  return type == ColumnType::category;
}

bool is_number(ColumnType type) {
  return type != ColumnType::category && type != ColumnType::id;
}

bool is_any(ColumnType) {
  return true;
}

}  // namespace

std::size_t declared_column(TableSpec const& spec, std::string const& name, std::string const& user,
                            std::string const& kind, bool (*fits)(ColumnType)) {
  std::string choices;
  for (std::size_t i = 0; i < spec.columns.size(); ++i) {
    if (!fits(spec.columns[i].type)) continue;
    if (spec.columns[i].name == name) return i;
    choices += (choices.empty() ? "" : ", ") + spec.columns[i].name;
  }
  throw ConfigurationError(
      fmt::format("table '{}': {} = \"{}\" (no {} of this name is declared)", spec.name, user, name, kind),
      "only declared columns are read",
      choices.empty() ? fmt::format("declare [table.column.{}]", name) : "name one of: " + choices);
}

void check_where(TableSpec const& spec) {
  for (auto const& condition : spec.where) {
    bool const bounded = condition.min.has_value() || condition.max.has_value();
    auto const fits = bounded ? is_number : condition.values.empty() ? is_any : is_category;
    static_cast<void>(declared_column(spec, condition.column, "where",
                                      bounded ? "number or date column" : "category column", fits));
    if (!bounded || condition.values.empty()) continue;
    throw ConfigurationError(
        fmt::format("table '{}': where.{} has both values and bounds", spec.name, condition.column),
        "values are of categories, bounds of numbers", "leave one of them");
  }
}

}  // namespace tessera::detail
