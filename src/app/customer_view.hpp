// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/app/configuration.hpp"
#include "tessera/prep/aggregate.hpp"
#include "tessera/prep/derive.hpp"
#include "tessera/prep/features.hpp"

#include <string>
#include <vector>

/// What a configuration's features ask of each part of the program. Precondition of all: the configuration is
/// complete and checked.
namespace tessera {

/// Local. The aggregates of the rows of one table.
[[nodiscard]] std::vector<AggregateSpec> aggregates_of(Configuration const& configuration,
                                                       TableSpec const& table);

/// Local. One feature as an aggregate, with its reference day.
[[nodiscard]] AggregateSpec aggregate_spec(Configuration const& configuration, FeatureSection const& feature);

/// Local. Derived features, each after those that it is made from.
[[nodiscard]] std::vector<DerivedSpec> derived_features(Configuration const& configuration);

/// Local. The features that customers are clustered by, as columns of the customers.
[[nodiscard]] std::vector<FeatureSpec> clustered_features(Configuration const& configuration);

/// Local. The customers' table with a column for each aggregate and derived feature.
[[nodiscard]] TableSpec customer_view(Configuration const& configuration);

/// Local. Whether any feature is an aggregate or derived.
[[nodiscard]] bool makes_columns(Configuration const& configuration);

/// Local. The column of the customers that a feature's values become.
[[nodiscard]] std::string const& view_column(FeatureSection const& feature);

/// Local. Whether a column of the customers may not be told customer by customer: it is sensitive, aggregates
/// the values of a sensitive column, or is derived from one that is so.
[[nodiscard]] bool is_sensitive_in_view(Configuration const& configuration, std::string const& column);

/// Local. Days since 1970-01-01 of a date as configurations keep it, YYYY-MM-DD.
[[nodiscard]] std::int32_t days_of(std::string const& date);

}  // namespace tessera
