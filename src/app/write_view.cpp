// SPDX-License-Identifier: Apache-2.0
#include "write_view.hpp"

#include <span>
#include <string_view>

#include "customer_view.hpp"

namespace tessera {

namespace {

std::string_view units_of(ColumnType type) {
  if (type == ColumnType::date) return "days since 1970-01-01";
  if (type == ColumnType::datetime) return "seconds since 1970-01-01, UTC";
  return "raw";
}

}  // namespace

void write_view(ResultFile& file, Configuration const& config, Table const& customers) {
  for (auto const& column : customers.columns) {
    if (std::holds_alternative<KeyColumn>(column.data) || is_sensitive_in_view(config, column.name)) continue;
    auto const dataset = "/customers/view/" + column.name;
    if (auto const* const numbers = std::get_if<NumberColumn>(&column.data)) {
      file.write_rows(dataset, customers.blocks, std::span<double const>(numbers->values), {},
                      {"NaN is missing", std::string(units_of(column.type)), "customers"});
    } else if (auto const* const categories = std::get_if<CategoryColumn>(&column.data)) {
      file.write_rows(
          dataset, customers.blocks, std::span<std::int32_t const>(categories->codes), {},
          {"index into the values in /customers/view_categories; -1 is missing", "1", "customers"});
      file.write("/customers/view_categories/" + column.name,
                 std::span<std::string const>(categories->categories),
                 {"values of the column, ascending", "1", "values"});
    }
  }
}

}  // namespace tessera
