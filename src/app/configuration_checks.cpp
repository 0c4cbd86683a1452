// SPDX-License-Identifier: Apache-2.0
#include "configuration_checks.hpp"

#include "tessera/core/error.hpp"
#include "tessera/core/nearest_name.hpp"
#include "tessera/prep/clean_categories.hpp"

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
  if (table.columns.empty()) {
    throw ConfigurationError(key("no column is declared"), "only declared columns are read",
                             "add [table.column.NAME] sections; tessera check shows what the file holds");
  }
  if (table.duplicates != Duplicates::error && table.order_by.empty()) {
    throw ConfigurationError(key("duplicates needs order_by"),
                             "without an order, which row is first would depend on the order of the files",
                             "set order_by to a date or number column of the table in " + origin);
  }
  if (!table.order_by.empty()) require_number(table, table.order_by, key("order_by"), origin);
  for (auto const& column : table.columns) {
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

void check_feature_columns(TableSpec const& table, FeatureSpec const& feature, std::string const& key,
                           std::string const& origin) {
  if (feature.encode == Encode::none) {
    require_number(table, feature.column, key + ".column", origin);
  } else {
    require_category(table, feature.column, key + ".column", origin, "encode makes numbers of categories",
                     "leave encode out for a column of numbers");
  }
  if (feature.encode == Encode::onehot && (feature.transform != Transform::none || feature.winsorise)) {
    throw ConfigurationError(key + ".encode = \"onehot\" with a transform or winsorise",
                             "0 and 1 have no tails to pull in",
                             "remove transform and winsorise in " + origin);
  }
  if (feature.winsorise && !((*feature.winsorise)[0] < 0.5 && (*feature.winsorise)[1] > 0.5)) {
    throw ConfigurationError(fmt::format("{}.winsorise = [{}, {}] (must be one below and one above 0.5)", key,
                                         (*feature.winsorise)[0], (*feature.winsorise)[1]),
                             "both tails are pulled in towards the median",
                             "set winsorise = [0.01, 0.99] in " + origin);
  }
  if ((feature.impute == Impute::group) == feature.impute_by.empty()) {
    throw ConfigurationError(feature.impute_by.empty() ? key + ".impute = \"group\" needs impute_by"
                                                       : key + ".impute_by needs impute = \"group\"",
                             "the median is that of the customers with the same value there",
                             "set both or neither in " + origin);
  }
  if (!feature.impute_by.empty()) {
    require_category(table, feature.impute_by, key + ".impute_by", origin, "groups are those of a category",
                     "name a column of type category");
  }
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
    check_feature_columns(configuration.customers(), feature, fmt::format("feature.{}", i), origin);
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
  check_quality(configuration, origin);
  check_reduction(configuration, origin);
  check_kmeans(configuration, origin);
  configuration.kmeans.seed = configuration.run.seed;
  for (auto const& column : configuration.items.columns) {
    require_category(configuration.customers(), column, "items.columns", origin,
                     "every value of the column becomes an item",
                     "name number columns in items.bins instead");
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
