// SPDX-License-Identifier: Apache-2.0
#include "feature_checks.hpp"

#include "tessera/core/error.hpp"
#include "tessera/core/nearest_name.hpp"

#include <algorithm>
#include <cstddef>
#include <set>
#include <utility>
#include <vector>

#include "customer_view.hpp"
#include "preparation_checks.hpp"
#include "referred_column.hpp"
#include <fmt/format.h>

namespace tessera {

namespace {

class FeatureChecker {
 public:
  FeatureChecker(Configuration& configuration, std::string const& origin)
      : config_(configuration), origin_(origin), numbers_(number_columns(configuration)) {}

  void check() {
    for (index_ = 0; index_ < config_.features.size(); ++index_) {
      auto& feature = config_.features[index_];
      check_source(feature);
      if (feature.name.empty()) feature.name = feature.column;
      if (feature.table.empty()) feature.table = config_.customers().name;
      check_table(feature);
      if (feature.is_derived()) {
        check_operands(feature);
      } else if (feature.aggregate != Aggregate::none) {
        check_aggregate(*table(feature), aggregate_spec(config_, feature));
      } else {
        check_column(feature);
      }
      check_preparation(config_, index_, origin_);
      check_name(feature);
      remember(feature);
    }
  }

 private:
  static std::vector<std::string> number_columns(Configuration const& config) {
    std::vector<std::string> out;
    for (auto const& column : config.customers().columns) {
      if (is_number(column.type)) out.push_back(column.name);
    }
    return out;
  }

  [[nodiscard]] std::string key(std::string_view name) const {
    return fmt::format("feature.{}.{}", index_, name);
  }

  [[noreturn]] void refuse(std::string const& what, std::string const& why, std::string const& remedy) const {
    throw ConfigurationError(what, why, remedy + " in " + origin_);
  }

  [[nodiscard]] TableSpec const* table(FeatureSection const& feature) const {
    for (auto const& candidate : config_.tables) {
      if (candidate.name == feature.table) return &candidate;
    }
    return nullptr;
  }

  void check_source(FeatureSection const& feature) const {
    int const derivations = (feature.ratio.empty() ? 0 : 1) + (feature.difference.empty() ? 0 : 1) +
                            (feature.quintile.empty() ? 0 : 1);
    bool const has_aggregate = feature.aggregate != Aggregate::none;
    if (derivations + (has_aggregate ? 1 : 0) > 1) {
      refuse(fmt::format(
                 "feature.{} has two sources: aggregate, ratio, difference and quintile exclude each other",
                 index_),
             "which values it has would be unclear", "leave one of them");
    }
    if (derivations == 0 && !has_aggregate && feature.column.empty()) {
      refuse(key("column") + " is missing", "a feature is a column, an aggregate, or derived from others",
             "set column, aggregate, ratio, difference or quintile");
    }
    if (derivations > 0 && !feature.column.empty()) {
      refuse(fmt::format("{} = \"{}\" (the feature is derived)", key("column"), feature.column),
             "a derived feature is made from those that it names", "remove column");
    }
    if (feature.name.empty() && (derivations > 0 || has_aggregate)) {
      refuse(key("name") + " is missing", "the aggregate or derived column needs a name of its own",
             "set name");
    }
    bool const filters = !feature.where.empty() || feature.window_days > 0 || feature.against_days > 0 ||
                         !feature.as_of.empty() || !feature.category.empty();
    if (!has_aggregate && filters) {
      refuse(
          fmt::format("feature.{} has where, window_days, against_days, as_of or category but no aggregate",
                      index_),
          "they choose rows of a table with many rows a customer", "set aggregate, or remove them");
    }
    if (feature.quintile.empty() && feature.best != Best::high) {
      refuse(key("best") + " is for quintile", "nothing else is scored", "remove it");
    }
  }

  void check_table(FeatureSection const& feature) const {
    auto const* const found = table(feature);
    bool const is_customers = found == &config_.customers();
    if (feature.aggregate != Aggregate::none) {
      if (found != nullptr && !is_customers) return;
      std::vector<std::string> names;
      for (auto const& other : config_.tables) {
        if (other.name != config_.customers().name) names.push_back(other.name);
      }
      refuse(
          fmt::format("{} = \"{}\" ({})", key("table"), feature.table,
                      is_customers ? "it has one row a customer" : "there is no such table"),
          "an aggregate is one of the rows of a table with many rows a customer",
          names.empty() ? "add a [[table]]" : fmt::format("use \"{}\"", nearest_name(feature.table, names)));
    }
    if (is_customers) return;
    if (found == nullptr) {
      refuse(fmt::format("{} = \"{}\" (there is no such table)", key("table"), feature.table),
             "a feature is made from a column of a table",
             fmt::format("use \"{}\"", config_.customers().name));
    }
    refuse(fmt::format("{} = \"{}\" (it has many rows a customer)", key("table"), feature.table),
           "a feature is one number a customer", "choose an aggregate of its rows");
  }

  void check_column(FeatureSection const& feature) const {
    auto const& column = referred(config_.customers(), feature.column, key("column"), origin_);
    if (!feature.cluster) return;
    if ((feature.encode == Encode::none) == is_number(column.type)) return;
    if (feature.encode == Encode::none) {
      refuse(fmt::format("{} = \"{}\" (the column is not a number)", key("column"), feature.column),
             "distances and quantiles need numbers",
             "use a column of type int, float, date or datetime, set encode, or make it an item in "
             "items.columns,");
    }
    refuse(fmt::format("{} = \"{}\" (the column is not a category)", key("column"), feature.column),
           "encode makes numbers of categories", "leave encode out for a column of numbers");
  }

  void check_operands(FeatureSection const& feature) const {
    auto const check = [&](std::string const& name, std::vector<std::string> const& operands,
                           std::size_t count) {
      if (operands.size() != count)
        refuse(fmt::format("{} names {} features", key(name), operands.size()), "it is made from two",
               fmt::format("write {} = [\"A\", \"B\"]", name));
      for (auto const& operand : operands) {
        if (std::find(numbers_.begin(), numbers_.end(), operand) != numbers_.end()) continue;
        refuse(
            fmt::format("{} uses \"{}\", which is no number column of the customers and no earlier feature",
                        key(name), operand),
            "a derived feature is made from numbers that are there before it",
            numbers_.empty() ? "name one that is there"
                             : fmt::format("did you mean \"{}\"? Name it, or move the feature down",
                                           nearest_name(operand, numbers_)));
      }
    };
    if (!feature.ratio.empty()) check("ratio", feature.ratio, 2);
    if (!feature.difference.empty()) check("difference", feature.difference, 2);
    if (!feature.quintile.empty()) check("quintile", {feature.quintile}, 1);
  }

  void check_name(FeatureSection const& feature) {
    auto const taken = [&](std::string_view by) {
      refuse(fmt::format("{} = \"{}\" (the name is taken{})", key("name"), feature.name, by),
             "results are found by feature names", "give every feature its own name");
    };
    if (!names_.insert(feature.name).second) taken("");
    auto const& columns = config_.customers().columns;
    bool const is_column = std::any_of(columns.begin(), columns.end(),
                                       [&](ColumnSpec const& c) { return c.name == feature.name; });
    bool const is_itself =
        feature.aggregate == Aggregate::none && !feature.is_derived() && feature.column == feature.name;
    if (is_column && !is_itself) taken(" by a column of the customers");
    bool const makes_two = feature.cluster && feature.indicator;
    if (makes_two && !names_.insert(indicator_name(feature)).second) {
      refuse(fmt::format("{} makes a feature \"{}\", and the name is taken", key("indicator"),
                         indicator_name(feature)),
             "results are found by feature names", "give every feature its own name");
    }
  }

  /// Later features may be derived from this one.
  void remember(FeatureSection const& feature) {
    bool const is_aggregate = feature.aggregate != Aggregate::none;
    bool number = true;
    if (is_aggregate) {
      number = is_number(aggregate_type(*table(feature), aggregate_spec(config_, feature)));
    } else if (!feature.is_derived()) {
      number = is_number(referred(config_.customers(), feature.column, key("column"), origin_).type);
    }
    if (number) {
      numbers_.push_back(feature.name);
    } else if (is_aggregate && feature.cluster) {
      refuse(fmt::format("{} = \"{}\" is a category", key("name"), feature.name), "distances need numbers",
             "set cluster = false, and name it in items.columns,");
    }
  }

  Configuration& config_;
  std::string const& origin_;
  std::vector<std::string> numbers_;  // what derived features may name
  std::set<std::string> names_;
  std::size_t index_ = 0;
};

}  // namespace

void complete_and_check_features(Configuration& configuration, std::string const& origin) {
  FeatureChecker(configuration, origin).check();
}

}  // namespace tessera
