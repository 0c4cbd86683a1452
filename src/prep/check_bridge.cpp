// SPDX-License-Identifier: Apache-2.0
#include "tessera/core/error.hpp"
#include "tessera/prep/bridge.hpp"

#include <string>

#include <fmt/format.h>

namespace tessera {

namespace {

bool is_category(ColumnType type) {
  return type == ColumnType::category;
}

bool is_number(ColumnType type) {
  return type != ColumnType::category && type != ColumnType::id;
}

bool is_id(ColumnType type) {
  return type == ColumnType::id;
}

bool is_no_id(ColumnType type) {
  return !is_id(type);
}

bool is_any(ColumnType) {
  return true;
}

/// Throws, naming the key (`user`) which asks for the column and what kind it wants.
void require_column(TableSpec const& spec, std::string const& name, std::string const& user,
                    std::string const& kind, bool (*fits)(ColumnType)) {
  std::string choices;
  for (auto const& column : spec.columns) {
    if (!fits(column.type)) continue;
    if (column.name == name) return;
    choices += (choices.empty() ? "" : ", ") + column.name;
  }
  throw ConfigurationError(
      fmt::format("table '{}': {} = \"{}\" (no {} of this name is declared)", spec.name, user, name, kind),
      "only declared columns are read",
      choices.empty() ? fmt::format("declare [table.column.{}]", name) : "name one of: " + choices);
}

void check_condition(TableSpec const& spec, Condition const& condition) {
  bool const bounded = condition.min.has_value() || condition.max.has_value();
  auto const fits = bounded ? is_number : condition.values.empty() ? is_any : is_category;
  require_column(spec, condition.column, "where", bounded ? "number or date column" : "category column",
                 fits);
  if (bounded && !condition.values.empty()) {
    throw ConfigurationError(
        fmt::format("table '{}': where.{} has both values and bounds", spec.name, condition.column),
        "values are of categories, bounds of numbers", "leave one of them");
  }
  if (condition.min && condition.max && *condition.min > *condition.max) {
    throw ConfigurationError(fmt::format("table '{}': where.{} has min {} above max {}", spec.name,
                                         condition.column, *condition.min, *condition.max),
                             "no row could be a link", "swap or remove the bounds");
  }
}

}  // namespace

void check_bridge(TableSpec const& spec) {
  require_column(spec, spec.link, "link", "id column", is_id);
  if (!spec.order_by.empty())
    require_column(spec, spec.order_by, "order_by", "number, date or category column", is_no_id);
  for (auto const& condition : spec.where) check_condition(spec, condition);
}

}  // namespace tessera
