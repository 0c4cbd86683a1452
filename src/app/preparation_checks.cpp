// SPDX-License-Identifier: Apache-2.0
#include "preparation_checks.hpp"

#include "tessera/core/error.hpp"

#include <algorithm>
#include <string_view>

#include <fmt/format.h>

namespace tessera {

void check_preparation(Configuration const& configuration, std::size_t index, std::string const& origin) {
  auto const& feature = configuration.features[index];
  auto const key = [&](std::string_view name) { return fmt::format("feature.{}.{}", index, name); };
  auto const refuse = [&](std::string const& what, std::string const& why, std::string const& remedy) {
    throw ConfigurationError(what, why, remedy + " in " + origin);
  };
  bool const is_column = feature.aggregate == Aggregate::none && !feature.is_derived();
  if (feature.encode != Encode::none && !is_column) {
    refuse(key("encode") + " of an aggregate or a derived feature", "it encodes a column of the customers",
           "remove encode");
  }
  if (feature.encode == Encode::onehot && (feature.transform != Transform::none || feature.winsorise)) {
    refuse(key("encode") + " = \"onehot\" with a transform or winsorise", "0 and 1 have no tails to pull in",
           "remove transform and winsorise");
  }
  if (feature.winsorise && !((*feature.winsorise)[0] < 0.5 && (*feature.winsorise)[1] > 0.5)) {
    refuse(fmt::format("{} = [{}, {}] (must be one below and one above 0.5)", key("winsorise"),
                       (*feature.winsorise)[0], (*feature.winsorise)[1]),
           "both tails are pulled in towards the median", "set winsorise = [0.01, 0.99]");
  }
  if ((feature.impute == Impute::group) == feature.impute_by.empty()) {
    refuse(feature.impute_by.empty() ? key("impute") + " = \"group\" needs impute_by"
                                     : key("impute_by") + " needs impute = \"group\"",
           "the median is that of the customers with the same value there", "set both or neither");
  }
  if (feature.impute_by.empty()) return;
  auto const& declared = configuration.customers().columns;
  bool const is_category = std::any_of(declared.begin(), declared.end(), [&](ColumnSpec const& c) {
    return c.name == feature.impute_by && c.type == ColumnType::category;
  });
  if (is_category) return;
  refuse(fmt::format("{} = \"{}\" (table \"{}\" declares no such category)", key("impute_by"),
                     feature.impute_by, configuration.customers().name),
         "groups are those of a category", "name a column of type category");
}

}  // namespace tessera
