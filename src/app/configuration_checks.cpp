// SPDX-License-Identifier: Apache-2.0
#include "configuration_checks.hpp"

#include "tessera/core/error.hpp"

#include <filesystem>
#include <utility>

#include "customer_view.hpp"
#include "feature_checks.hpp"
#include "presets.hpp"
#include "referred_column.hpp"
#include "table_checks.hpp"
#include <fmt/format.h>

namespace tessera {

namespace {

void require_category(TableSpec const& table, std::string const& column, std::string const& key,
                      std::string const& origin, std::string const& why, std::string const& remedy) {
  if (referred(table, column, key, origin).type == ColumnType::category) return;
  throw ConfigurationError(fmt::format("{} = \"{}\" (the column is not a category)", key, column), why,
                           remedy);
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
    refuse_key(table, feature.impute_by, fmt::format("feature.{}.impute_by", i), origin);
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
  if (!used || !clustered_features(configuration).empty()) return;
  throw ConfigurationError("[reduction] without a [[feature]] that is clustered",
                           "there is nothing to reduce",
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

/// Columns of the view are datasets of its group.
void check_view(Configuration const& configuration, TableSpec const& view, std::string const& origin) {
  if (!configuration.run.write_features) return;
  for (auto const& column : view.columns) {
    if (column.type == ColumnType::id || is_sensitive_in_view(configuration, column.name)) continue;
    auto const& name = column.name;
    if (!name.empty() && name != "." && name.find('/') == std::string::npos) continue;
    throw ConfigurationError(
        fmt::format("\"{}\" is no name for a dataset: it is empty, a dot, or holds a slash", name),
        "run.write_features makes a dataset of every feature and every column of the customers, and a slash "
        "would make a group",
        "rename the feature, or call the column something else and name its field in source, in " + origin);
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
  check_tables(configuration, origin);
  check_key_is_not_used(configuration, origin);
  complete_and_check_features(configuration, origin);
  check_quality(configuration, origin);
  check_reduction(configuration, origin);
  check_kmeans(configuration, origin);
  configuration.kmeans.seed = configuration.run.seed;
  auto const view = customer_view(configuration);
  check_view(configuration, view, origin);
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
