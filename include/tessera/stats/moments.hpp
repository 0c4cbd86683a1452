// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/comm/communicator.hpp"

#include <cstdint>
#include <span>

/// Count, extremes and central moments of a numeric column over all customers, from exact sums in two passes.
namespace tessera {

/// NaN marks missing values, which are counted and otherwise left out. All NaN when no value is there.
struct Moments {
  std::uint64_t count = 0;                  ///< values present
  std::uint64_t missing = 0;                ///< values missing
  double mean = 0, standard_deviation = 0;  ///< the latter with divisor count - 1
  double skewness = 0, kurtosis = 0;  ///< g1 and excess g2 (population moments); 0 when all values are equal
  double min = 0, max = 0;
};

/// *Collective.* `values` are this rank's rows, finite or NaN; their range (max - min) and sum must be finite
/// too. The mean is the exact sum divided once; deviations from it and their powers are rounded per value and
/// then added exactly.
[[nodiscard]] Moments moments(Communicator const& comm, std::span<double const> values);

}  // namespace tessera
