// SPDX-License-Identifier: Apache-2.0
#include "table_checks.hpp"

#include "tessera/core/error.hpp"
#include "tessera/core/nearest_name.hpp"
#include "tessera/io/category_cleaner.hpp"
#include "tessera/io/csv_dialect.hpp"
#include "tessera/io/number_parser.hpp"
#include "tessera/prep/bridge.hpp"

#include <algorithm>
#include <set>
#include <string_view>
#include <vector>

#include "referred_column.hpp"
#include <fmt/format.h>

namespace tessera {

namespace {

/// Keys that only a category column or only a number has.
void check_cleaning(TableSpec const& table, ColumnSpec const& column, std::string const& origin) {
  auto const name = fmt::format("table \"{}\": column \"{}\"", table.name, column.name);
  if (column.type == ColumnType::category) {
    static_cast<void>(CategoryCleaner(column));
    if (column.rare && column.rare->name.empty()) {
      throw ConfigurationError(name + " has rare.name = \"\"", "rare categories need a name",
                               "set rare.name = \"other\" in " + origin);
    }
    return;
  }
  bool const cleans = !column.trim || column.fold_case || !column.map.empty() || column.rare;
  if (cleans) {
    throw ConfigurationError(name + " has trim, fold_case, map or rare but is not a category",
                             "numbers and dates are always trimmed, ids never, and none of them is a text",
                             "remove them or set type = \"category\" in " + origin);
  }
}

/// Results tell the values of every column but ids: as bins, categories and lookups.
void check_key_column(TableSpec const& table, ColumnSpec const& column, std::string const& origin) {
  if (table.key.empty() || column.field() != table.key || column.type == ColumnType::id) return;
  throw ConfigurationError(
      fmt::format("table \"{}\": column \"{}\" holds the key and is not of type id", table.name, column.name),
      "its values are ids, and would enter the results as categories, bounds or values",
      "remove the column, which the key does not need, or set type = \"id\" in " + origin);
}

void check_table(TableSpec const& table, std::string const& origin) {
  auto const key = [&](std::string_view name) { return fmt::format("table \"{}\": {}", table.name, name); };
  if (table.format == TableFormat::csv) (void)csv_dialect(table);
  if ((table.format == TableFormat::hdf5) == table.dataset.empty()) {
    throw ConfigurationError(
        key(table.dataset.empty() ? "format = \"hdf5\" needs dataset" : "dataset needs format = \"hdf5\""),
        "an HDF5 file may hold many tables, other files hold one",
        "name the dataset of records, or the group of columns, in " + origin +
            " (h5ls -r lists what is there)");
  }
  (void)number_style(table);
  if (table.duplicates != Duplicates::error && table.order_by.empty()) {
    throw ConfigurationError(key("duplicates needs order_by"),
                             "without an order, which row is first would depend on the order of the files",
                             "set order_by to a date or number column of the table in " + origin);
  }
  if (!table.order_by.empty() && table.link.empty())
    require_number(table, table.order_by, key("order_by"), origin);
  for (auto const& column : table.columns) {
    (void)column_dates(table, column);
    if (column.min && column.max && *column.min > *column.max) {
      throw ConfigurationError(fmt::format("table \"{}\": column \"{}\" has min {} above max {}", table.name,
                                           column.name, *column.min, *column.max),
                               "every row would be rejected", "swap or remove the bounds in " + origin);
    }
    if ((column.min || column.max) && !is_number(column.type)) {
      throw ConfigurationError(
          fmt::format("table \"{}\": column \"{}\" has a range but is not a number", table.name, column.name),
          "a range is a range of numbers",
          "remove min and max or give the column a number type in " + origin);
    }
    if (column.out_of_range != OutOfRange::reject && !column.min && !column.max) {
      throw ConfigurationError(
          fmt::format("table \"{}\": column \"{}\" has out_of_range but no range", table.name, column.name),
          "nothing would ever be outside", "set min or max in " + origin);
    }
    check_key_column(table, column, origin);
    check_cleaning(table, column, origin);
  }
}

/// What only the customers' own table has.
void check_keys_of_the_first(TableSpec const& table, std::string const& origin) {
  auto const refuse = [&](std::string const& what, std::string const& why) {
    throw ConfigurationError(fmt::format("table \"{}\": {} is not for this table", table.name, what), why,
                             "remove it from " + origin);
  };
  if (table.duplicates != Duplicates::error)
    refuse("duplicates", "only the first table has one row a customer; all rows of the others count");
  if (!table.order_by.empty() && table.link.empty())
    refuse("order_by", "it orders repeated rows of a customer in the first table, and the owners of a link");
  for (auto const& column : table.columns) {
    if (column.rare)
      refuse(fmt::format("rare of column \"{}\"", column.name),
             "categories are rare among customers, and this table has rows of theirs");
    if (column.max_missing)
      refuse(fmt::format("max_missing of column \"{}\"", column.name),
             "gates judge the customers' own table");
  }
}

/// Tables but the first are read for what is made from them.
void check_other_table(Configuration const& configuration, TableSpec const& table,
                       std::string const& origin) {
  auto const& tables = configuration.tables;
  auto const& features = configuration.features;
  bool const is_used =
      std::any_of(features.begin(), features.end(),
                  [&](FeatureSection const& feature) { return feature.table == table.name; }) ||
      std::any_of(tables.begin(), tables.end(),
                  [&](TableSpec const& other) { return other.via == table.name; });
  if (is_used) return;
  throw ConfigurationError(
      fmt::format("table \"{}\" is not used", table.name), "it would be read for nothing",
      "aggregate its rows in a [[feature]], name it in via of another table, or remove it "
      "from " +
          origin);
}

void check_date(TableSpec const& table, std::string const& origin) {
  if (table.date.empty()) return;
  auto const key = fmt::format("table \"{}\": date", table.name);
  auto const type = referred(table, table.date, key, origin).type;
  if (type == ColumnType::date || type == ColumnType::datetime) return;
  throw ConfigurationError(fmt::format("{} = \"{}\" (the column is not a date)", key, table.date),
                           "windows and recency go by days",
                           "name a column of type date or datetime in " + origin);
}

ConfigurationError bad_join(TableSpec const& table, std::string const& problem, std::string const& remedy) {
  return {fmt::format("table \"{}\": {}", table.name, problem),
          "its rows could not be told to their customers", remedy};
}

/// How a table's rows find their customers.
void check_join(Configuration const& configuration, TableSpec const& table, std::string const& origin) {
  auto const& tables = configuration.tables;
  if (&table == &configuration.customers()) {
    if (table.via.empty() && table.link.empty() && table.where.empty()) return;
    throw bad_join(table,
                   fmt::format("{} is not for the first table", !table.via.empty()    ? "via"
                                                                : !table.link.empty() ? "link"
                                                                                      : "where"),
                   "the first [[table]] is the customers' own; describe links in another in " + origin);
  }
  if (table.key.empty()) {
    throw bad_join(table, "key is missing",
                   "name the column with the customer's id, or with what a table in via knows, in " + origin);
  }
  if (configuration.customers().key.empty()) {
    throw bad_join(configuration.customers(), "key is missing, and another table is joined to it",
                   "name the column with the customer's id in " + origin);
  }
  if (!table.where.empty() && table.link.empty()) {
    throw bad_join(table, "where is for tables with link",
                   "say in each [[feature]] which rows count, in " + origin);
  }
  if (!table.link.empty()) check_bridge(table);
  if (table.via.empty()) return;
  std::vector<std::string> names;
  for (auto const& other : tables) {
    if (!other.link.empty()) names.push_back(other.name);
    if (other.name == table.via && !other.link.empty() && &other != &table) return;
  }
  throw bad_join(table, fmt::format("via = \"{}\" (there is no such table with link)", table.via),
                 names.empty() ? fmt::format("set link in [[table]] \"{}\" of {}", table.via, origin)
                               : fmt::format("did you mean \"{}\"? Change it in {}",
                                             nearest_name(table.via, names), origin));
}

void check_table_names(Configuration const& configuration, std::string const& origin) {
  std::set<std::string> names;
  for (auto const& table : configuration.tables) {
    if (names.insert(table.name).second) continue;
    throw ConfigurationError(fmt::format("two tables are called \"{}\"", table.name),
                             "features and via find tables by their names", "rename one in " + origin);
  }
}

}  // namespace

void check_tables(Configuration const& configuration, std::string const& origin) {
  check_table_names(configuration, origin);
  for (auto const& table : configuration.tables) {
    bool const is_other = &table != &configuration.customers();
    if (is_other) check_keys_of_the_first(table, origin);
    check_table(table, origin);
    check_date(table, origin);
    check_join(configuration, table, origin);
    if (is_other) check_other_table(configuration, table, origin);
  }
}

}  // namespace tessera
