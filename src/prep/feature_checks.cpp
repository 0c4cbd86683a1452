// SPDX-License-Identifier: Apache-2.0
#include "feature_checks.hpp"

#include "tessera/core/error.hpp"

#include <cmath>
#include <set>

#include "columns.hpp"
#include <fmt/format.h>

namespace tessera::detail {

namespace {

void check_encoding(FeatureSpec const& spec, Table const& customers, std::string const& user) {
  if (spec.encode == Encode::none) {
    static_cast<void>(numbers_of(customers, spec.column, user));
    return;
  }
  static_cast<void>(categories_of(customers, spec.column, user));
  if (spec.encode == Encode::onehot && (spec.transform != Transform::none || spec.winsorise)) {
    throw ConfigurationError(fmt::format("{}: encode = \"onehot\" with a transform or winsorise", user),
                             "0 and 1 have no tails to pull in", "remove transform and winsorise");
  }
}

void check_imputation(FeatureSpec const& spec, Table const& customers, std::string const& user) {
  if (spec.impute == Impute::constant && !std::isfinite(spec.impute_value)) {
    throw ConfigurationError(fmt::format("{}: impute_value = {}", user, spec.impute_value),
                             "a missing value must become a number", "set a finite impute_value");
  }
  if ((spec.impute == Impute::group) != !spec.impute_by.empty()) {
    throw ConfigurationError(fmt::format("{}: impute_by = \"{}\"", user, spec.impute_by),
                             "impute = \"group\" takes the median of the customers with the same value there",
                             "set impute = \"group\" and impute_by = a category column, or neither");
  }
  if (!spec.impute_by.empty()) static_cast<void>(categories_of(customers, spec.impute_by, user));
}

}  // namespace

void check_features(std::vector<FeatureSpec> const& specs, Table const& customers) {
  std::set<std::string> names;
  for (auto const& spec : specs) {
    std::string const user = "feature " + spec.name;
    if (!spec.table.empty() && spec.table != customers.name) {
      throw ConfigurationError(fmt::format("{} uses table {}", user, spec.table),
                               "a feature is made of a column that has one row a customer",
                               fmt::format("use table {}", customers.name));
    }
    check_encoding(spec, customers, user);
    if (!names.insert(spec.name).second || (spec.indicator && !names.insert(indicator_name(spec)).second)) {
      throw ConfigurationError(fmt::format("{} would share its name with another", user),
                               "results are found by their names", "rename one of them");
    }
    if (spec.clip && !((*spec.clip)[0] < (*spec.clip)[1])) {
      throw ConfigurationError(fmt::format("{}: clip = [{}, {}]", user, (*spec.clip)[0], (*spec.clip)[1]),
                               "the first bound must be below the second", "swap or widen the bounds");
    }
    if (spec.winsorise && !((*spec.winsorise)[0] >= 0 && (*spec.winsorise)[0] < 0.5 &&
                            (*spec.winsorise)[1] > 0.5 && (*spec.winsorise)[1] <= 1)) {
      throw ConfigurationError(
          fmt::format("{}: winsorise = [{}, {}]", user, (*spec.winsorise)[0], (*spec.winsorise)[1]),
          "these are probabilities, one on either side of the median", "set e.g. winsorise = [0.01, 0.99]");
    }
    if (!(spec.weight > 0 && std::isfinite(spec.weight))) {
      throw ConfigurationError(fmt::format("{}: weight = {}", user, spec.weight),
                               "the scaled feature is multiplied by it", "set a weight above 0");
    }
    check_imputation(spec, customers, user);
  }
}

}  // namespace tessera::detail
