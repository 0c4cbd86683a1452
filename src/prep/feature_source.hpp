// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/comm/communicator.hpp"
#include "tessera/data/table.hpp"
#include "tessera/prep/features.hpp"

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "encode.hpp"
#include "feature_column.hpp"

/// From a specification to the columns that it makes: one, or one a category, and one for missing values.
namespace tessera::detail {

/// A specification with what is known of its column before its matrix is made.
struct FeatureSource {
  FeatureSpec const* spec;
  ColumnStatistics statistics;  ///< of the raw column; none of it for Encode::onehot
  CategoryValues shares;        ///< of Encode::frequency
  Chosen chosen;                ///< of Encode::onehot
  bool indicated = false;       ///< values are missing, and a feature is to tell them

  /// Columns of the matrix at most.
  [[nodiscard]] std::size_t columns() const {
    return (spec->encode == Encode::onehot ? chosen.categories.size() : 1) + (indicated ? 1 : 0);
  }
};

/// *Collective.* Surveys the column of a specification, which has to outlive the source. Nothing, and a
/// warning, where every value is missing, or where no category is frequent enough for a feature and no
/// missing value is to be told.
[[nodiscard]] std::optional<FeatureSource> survey_feature(Communicator const& comm, Table const& customers,
                                                          FeatureSpec const& spec,
                                                          std::vector<std::string>& warnings);

/// Local. Features of categories are named by them, which only the data tell: throws ConfigurationError where
/// such a name is taken.
void check_names(std::vector<FeatureSource> const& sources, Table const& customers);

/// *Collective.* Makes a source's columns one after the other, as a matrix of T will hold them, and hands
/// each on.
template <class T>
void make_columns(Communicator const& comm, Table const& customers, FeatureSource const& source,
                  std::function<void(FeatureColumn)> const& take);

}  // namespace tessera::detail
