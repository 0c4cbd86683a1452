// SPDX-License-Identifier: Apache-2.0
#include "configuration_checks.hpp"

#include "tessera/core/error.hpp"
#include "tessera/core/nearest_name.hpp"
#include "tessera/io/csv_dialect.hpp"
#include "tessera/io/number_parser.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>

namespace tessera {

namespace {

bool is_number(ColumnType type) {
  return type != ColumnType::category && type != ColumnType::id;
}

/// The declared column that `key` refers to.
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
      "use a column of type int, float, date or datetime, or make it an item in items.columns");
}

void require_category(TableSpec const& table, std::string const& column, std::string const& key,
                      std::string const& origin) {
  if (referred(table, column, key, origin).type == ColumnType::category) return;
  throw ConfigurationError(fmt::format("{} = \"{}\" (the column is not a category)", key, column),
                           "every value of the column becomes an item",
                           "name number columns in items.bins instead");
}

void check_table(TableSpec const& table, std::string const& origin) {
  auto const key = [&](std::string_view name) { return fmt::format("table \"{}\": {}", table.name, name); };
  if (table.columns.empty()) {
    throw ConfigurationError(key("no column is declared"), "only declared columns are read",
                             "add [table.column.NAME] sections; tessera check shows what the file holds");
  }
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
  if (!table.order_by.empty()) require_number(table, table.order_by, key("order_by"), origin);
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
  }
}

void check_features(Configuration& configuration, std::string const& origin) {
  std::set<std::string> names;
  for (std::size_t i = 0; i < configuration.features.size(); ++i) {
    auto& feature = configuration.features[i];
    if (feature.table.empty()) feature.table = configuration.customers().name;
    if (feature.name.empty()) feature.name = feature.column;
    if (feature.table != configuration.customers().name) {
      throw ConfigurationError(
          fmt::format("feature.{}.table = \"{}\" (there is no such table)", i, feature.table),
          "a feature is made from a column of a table",
          fmt::format("use \"{}\" in {}", configuration.customers().name, origin));
    }
    require_number(configuration.customers(), feature.column, fmt::format("feature.{}.column", i), origin);
    if (!names.insert(feature.name).second) {
      throw ConfigurationError(fmt::format("feature.{}.name = \"{}\" (the name is taken)", i, feature.name),
                               "results are found by feature names",
                               "give every feature its own name in " + origin);
    }
  }
}

void check_weight(Configuration const& configuration, std::string const& origin) {
  auto const& weight = configuration.kmeans_weight;
  if (weight.empty()) return;
  auto const type = referred(configuration.customers(), weight, "kmeans.weight", origin).type;
  if (type == ColumnType::integer || type == ColumnType::real) return;
  throw ConfigurationError(
      fmt::format("kmeans.weight = \"{}\" (the column is not a number)", weight),
      "a customer counts as many as its weight says",
      fmt::format("name a column of type int or float, or leave kmeans.weight out of {}", origin));
}

void check_kmeans(Configuration const& configuration, std::string const& origin) {
  check_weight(configuration, origin);
  bool const from_file = configuration.kmeans.init == KMeansInit::given;
  if (from_file == configuration.kmeans_centroids.empty()) {
    throw ConfigurationError(from_file ? "kmeans.init = \"file\" needs kmeans.centroids"
                                       : "kmeans.centroids needs kmeans.init = \"file\"",
                             "the starting centroids would be unknown or unused",
                             "set both or neither in " + origin);
  }
  if (from_file && (configuration.kmeans.k.size() != 1 || configuration.kmeans.restarts != 1)) {
    throw ConfigurationError("kmeans.init = \"file\" with more than one k or restart",
                             "the file holds the start of one model",
                             "set one k and restarts = 1 in " + origin);
  }
}

}  // namespace

void complete_and_check(Configuration& configuration, std::string const& origin) {
  if (configuration.tables.empty()) {
    throw ConfigurationError("there is no [[table]]", "there is nothing to read",
                             "add a [[table]] with name and path to " + origin);
  }
  if (configuration.tables.size() > 1) {
    throw ConfigurationError(fmt::format("there are {} tables", configuration.tables.size()),
                             "this version joins no tables: one row a customer is read from the first",
                             "leave one [[table]] in " + origin);
  }
  check_table(configuration.customers(), origin);
  check_features(configuration, origin);
  check_kmeans(configuration, origin);
  configuration.kmeans.seed = configuration.run.seed;
  for (auto const& column : configuration.items.columns) {
    require_category(configuration.customers(), column, "items.columns", origin);
  }
  for (auto const& bin : configuration.items.bins) {
    require_number(configuration.customers(), bin.column, "items.bins", origin);
  }
  if (configuration.features.empty() && configuration.items.columns.empty() &&
      configuration.items.bins.empty()) {
    throw ConfigurationError("there are neither features nor items", "there is nothing to compute",
                             "add [[feature]] sections or [items] to " + origin);
  }
}

}  // namespace tessera
