// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/comm/communicator.hpp"
#include "tessera/data/table.hpp"
#include "tessera/prep/features.hpp"

#include <optional>
#include <string>
#include <vector>

/// One feature's column: winsorise, impute, transform, scale, clip, weigh.
namespace tessera::detail {

/// What a feature's column is made from.
struct RawColumn {
  std::vector<double> values;              ///< [rows]; NaN is missing
  ColumnStatistics statistics;             ///< of the values; at least one is present
  CategoryColumn const* groups = nullptr;  ///< for Impute::group
};

struct FeatureColumn {
  Feature feature;
  std::vector<double> values;         ///< [rows] in scaled units, complete; the range of float32
  std::vector<std::string> warnings;  ///< the same on every rank
  std::optional<std::string>
      useless;  ///< why the column says nothing about customers; the same on every rank
};

/// *Collective.* T: what the matrix holds it as.
template <class T>
[[nodiscard]] FeatureColumn make_column(Communicator const& comm, FeatureSpec const& spec, RawColumn raw);

}  // namespace tessera::detail
