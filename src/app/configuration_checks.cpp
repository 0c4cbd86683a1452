// SPDX-License-Identifier: Apache-2.0
#include "configuration_checks.hpp"

#include "tessera/core/error.hpp"
#include "tessera/core/nearest_name.hpp"
#include "tessera/io/category_cleaner.hpp"
#include "tessera/io/csv_dialect.hpp"
#include "tessera/io/number_parser.hpp"

#include <algorithm>
#include <filesystem>
#include <set>
#include <utility>

#include "customer_view.hpp"
#include "feature_checks.hpp"
#include "presets.hpp"
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
      "use a column of type int, float, date or datetime; encode a category feature, or make it an item in "
      "items.columns");
}

void require_category(TableSpec const& table, std::string const& column, std::string const& key,
                      std::string const& origin, std::string const& why, std::string const& remedy) {
  if (referred(table, column, key, origin).type == ColumnType::category) return;
  throw ConfigurationError(fmt::format("{} = \"{}\" (the column is not a category)", key, column), why,
                           remedy);
}

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
    check_cleaning(table, column, origin);
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
    if (table.via.empty() && table.link.empty()) return;
    throw bad_join(table, fmt::format("{} is not for the first table", table.via.empty() ? "link" : "via"),
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

/// Results tell what a feature's or an item's values are, and a key's are ids.
void refuse_key(TableSpec const& table, std::string const& column, std::string const& key,
                std::string const& origin) {
  if (!table.holds_key(column)) return;
  throw ConfigurationError(fmt::format("{} = \"{}\" (the column holds the customers' ids)", key, column),
                           "ids would enter the results as names, bounds or values",
                           "name another column in " + origin);
}

void check_key_is_not_used(Configuration const& configuration, std::string const& origin) {
  auto const& table = configuration.customers();
  for (std::size_t i = 0; i < configuration.features.size(); ++i) {
    auto const& feature = configuration.features[i];
    for (auto const& of : configuration.tables) {
      if (of.name == (feature.table.empty() ? table.name : feature.table))
        refuse_key(of, feature.column, fmt::format("feature.{}.column", i), origin);
    }
  }
  for (auto const& column : configuration.items.columns) refuse_key(table, column, "items.columns", origin);
  for (auto const& bin : configuration.items.bins) refuse_key(table, bin.column, "items.bins", origin);
  refuse_key(table, configuration.kmeans_weight, "kmeans.weight", origin);
}

void check_quality(Configuration const& configuration, std::string const& origin) {
  if (!configuration.quality.max_drift || !configuration.quality.previous.empty()) return;
  throw ConfigurationError("quality.max_drift needs quality.previous", "there is nothing to drift from",
                           "name the result file of an earlier run in " + origin);
}

void check_reduction(Configuration const& configuration, std::string const& origin) {
  bool const used = configuration.reduction.method != ReductionMethod::none || configuration.drop_correlated;
  if (!used || !configuration.features.empty()) return;
  throw ConfigurationError("[reduction] without a [[feature]]", "there is nothing to reduce",
                           "add features to " + origin + ", or remove the section");
}

void check_weight(Configuration const& configuration, std::string const& origin) {
  auto const& weight = configuration.kmeans_weight;
  if (weight.empty()) return;
  if (is_sensitive(configuration, configuration.customers().name, weight)) {
    throw ConfigurationError(fmt::format("kmeans.weight = \"{}\" (the column is sensitive)", weight),
                             "weights are written for every customer, as /customers/weight",
                             "weigh by another column, or leave kmeans.weight out of " + origin);
  }
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

/// Paths in effect do not need the folder any more.
void settle_paths(Configuration& configuration) {
  std::filesystem::path const folder = std::exchange(configuration.run.folder, {});
  for (auto& table : configuration.tables) {
    for (auto& path : table.path) path = (folder / path).string();
  }
}

}  // namespace

void complete_and_check(Configuration& configuration, std::string const& origin) {
  if (configuration.tables.empty()) {
    throw ConfigurationError("there is no [[table]]", "there is nothing to read",
                             "add a [[table]] with name and path to " + origin);
  }
  if (configuration.tables.size() == 1 && configuration.customers().columns.empty()) {
    throw ConfigurationError(
        fmt::format("table \"{}\": no column is declared", configuration.customers().name),
        "only declared columns are read",
        "add [table.column.NAME] sections; tessera check shows what the file holds");
  }
  settle_paths(configuration);
  expand_presets(configuration, origin);
  check_table_names(configuration, origin);
  for (auto const& table : configuration.tables) {
    check_table(table, origin);
    check_date(table, origin);
    check_join(configuration, table, origin);
    if (&table != &configuration.customers()) check_other_table(configuration, table, origin);
  }
  check_key_is_not_used(configuration, origin);
  complete_and_check_features(configuration, origin);
  check_quality(configuration, origin);
  check_reduction(configuration, origin);
  check_kmeans(configuration, origin);
  configuration.kmeans.seed = configuration.run.seed;
  auto const view = customer_view(configuration);
  for (auto const& column : configuration.items.columns) {
    require_category(view, column, "items.columns", origin, "every value of the column becomes an item",
                     "name number columns in items.bins instead");
  }
  for (auto& bin : configuration.items.bins) {
    require_number(view, bin.column, "items.bins", origin);
    if (is_sensitive_in_view(configuration, bin.column)) bin.ends = BinEnds::open;
  }
  if (configuration.features.empty() && configuration.items.columns.empty() &&
      configuration.items.bins.empty()) {
    throw ConfigurationError("there are neither features nor items", "there is nothing to compute",
                             "add [[feature]] sections or [items] to " + origin);
  }
}

}  // namespace tessera
