// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/comm/communicator.hpp"
#include "tessera/stats/moments.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

/// Exact statistics of numeric columns over all customers: no sketches, and the same bits for any number of
/// ranks.
namespace tessera {

inline constexpr double kReportedQuantiles[] = {0.01, 0.05, 0.10, 0.25, 0.50, 0.75, 0.90, 0.95, 0.99};
inline constexpr std::size_t kHistogramBins = 50;

/// Of one column. All NaN when no value is there.
struct ColumnStatistics : Moments {
  std::vector<double> quantiles;        ///< at kReportedQuantiles, linear between neighbours (type 7)
  std::vector<double> histogram_edges;  ///< [kHistogramBins + 1], equal widths from min to max; when all
                                        ///< values are equal, a range around them
  std::vector<std::int64_t> histogram;  ///< [kHistogramBins]; the last bin includes max
};

/// *Collective.* `values` are this rank's rows, as in moments().
[[nodiscard]] ColumnStatistics describe(Communicator const& comm, std::span<double const> values);

}  // namespace tessera
