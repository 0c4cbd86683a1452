// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "tessera/comm/communicator.hpp"
#include "tessera/data/row_blocks.hpp"

/// Exact statistics of numeric columns over all customers: no sketches, and the same bits for any number of ranks.
namespace tessera {

inline constexpr double kReportedQuantiles[] = {0.01, 0.05, 0.10, 0.25, 0.50, 0.75, 0.90, 0.95, 0.99};
inline constexpr std::size_t kHistogramBins = 50;

/// Of one column; NaN marks missing values, which are counted and otherwise left out. All NaN when nothing is there.
struct ColumnStatistics {
  std::uint64_t count = 0;    ///< values present
  std::uint64_t missing = 0;  ///< values missing
  double mean = 0, standard_deviation = 0;  ///< the latter with divisor count - 1
  double skewness = 0, kurtosis = 0;        ///< g1 and excess g2 (population moments)
  double min = 0, max = 0;
  std::vector<double> quantiles;         ///< at kReportedQuantiles, linear between neighbours (type 7)
  std::vector<double> histogram_edges;   ///< [kHistogramBins + 1], equal widths from min to max
  std::vector<std::int64_t> histogram;   ///< [kHistogramBins]; the last bin includes max
};

/// *Collective.* `values` are this rank's rows.
[[nodiscard]] ColumnStatistics describe(Communicator const& comm, std::span<double const> values);

/// *Collective.* Exact quantiles at `probabilities` (each in [0, 1]) of the values that are not NaN, linear between
/// neighbouring order statistics (Hyndman and Fan 1996, type 7). NaN when no value is present.
[[nodiscard]] std::vector<double> quantiles(Communicator const& comm, std::span<double const> values,
                                            std::span<double const> probabilities);

/// *Collective.* Fractional ranks in (0, 1): (values below + half of the values equal, itself included) / count;
/// NaN stays NaN. Ties share their mean rank.
[[nodiscard]] std::vector<double> fractional_ranks(Communicator const& comm, std::span<double const> values);

/// *Collective.* Sum of all ranks' doubles without rounding before the end.
[[nodiscard]] double exact_sum(Communicator const& comm, std::span<double const> values);

/// *Collective.* Pearson correlations of the columns of a complete (no NaN) matrix: row-major [columns, columns].
/// Centred in double, summed per block in row order with fixed lanes, added exactly over blocks.
[[nodiscard]] std::vector<double> correlation(Communicator const& comm, RowBlocks const& blocks,
                                              std::span<float const> values, std::size_t columns);

}  // namespace tessera
