// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/prep/features.hpp"

#include <string>
#include <utility>
#include <vector>

#include "prep/customers.hpp"

/// Features to build in tests.
namespace tessera::test {

/// Of the customers table, under the column's name.
inline FeatureSpec feature(std::string column, Transform transform = Transform::none,
                           Scale scale = Scale::zscore) {
  FeatureSpec out;
  out.name = column;
  out.table = "customers";
  out.column = std::move(column);
  out.transform = transform;
  out.scale = scale;
  return out;
}

/// On this rank alone, from a table of the column x, and job, which holds no numbers.
template <class T = float>
Features<T> features_of_x(std::vector<double> values, std::vector<FeatureSpec> const& specs) {
  auto table = table_of(std::move(values));
  table.columns.push_back(
      {"job", ColumnType::category, CategoryColumn{std::vector(table.keys.size(), 0), {"admin."}}});
  return build_features<T>(Communicator::self(), table, specs);
}

}  // namespace tessera::test
