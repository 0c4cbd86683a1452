// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/comm/communicator.hpp"
#include "tessera/prep/features.hpp"

#include <optional>
#include <span>
#include <string>
#include <vector>

/// One feature's column: impute, transform, scale, clip.
namespace tessera::detail {

struct FeatureColumn {
  Feature feature;
  std::vector<double> values;         ///< [rows] in scaled units, complete; the range of float32
  std::vector<std::string> warnings;  ///< the same on every rank
  std::optional<std::string>
      useless;  ///< why the column says nothing about customers; the same on every rank
};

/// *Collective.* From a raw column with these statistics, at least one value of it present. T: what the
/// matrix holds it as.
template <class T>
[[nodiscard]] FeatureColumn make_column(Communicator const& comm, FeatureSpec const& spec,
                                        std::span<double const> raw, ColumnStatistics const& statistics);

}  // namespace tessera::detail
