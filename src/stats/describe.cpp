// SPDX-License-Identifier: Apache-2.0
#include "tessera/stats/describe.hpp"

#include "tessera/comm/collectives.hpp"
#include "tessera/stats/quantiles.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace tessera {

namespace {

/// Ascending edges whose first is min and whose last is max.
std::vector<double> edges_between(double min, double max) {
  if (min == max) {
    double const half = std::max(0.5, std::abs(min) * 0x1p-20);  // wide enough to differ from a large value
    return edges_between(min - half, max + half);
  }
  double const width = (max - min) / static_cast<double>(kHistogramBins);
  std::vector<double> edges(kHistogramBins + 1);
  for (std::size_t i = 0; i < kHistogramBins; ++i)
    edges[i] = std::min(min + width * static_cast<double>(i), max);
  edges[kHistogramBins] = max;
  return edges;
}

std::vector<std::int64_t> count_between(Communicator const& comm, std::span<double const> values,
                                        std::vector<double> const& edges) {
  double const range = edges.back() - edges.front();
  std::vector<std::int64_t> bins(kHistogramBins, 0);
  for (auto const value : values) {
    if (std::isnan(value)) continue;
    // Divided before it is multiplied: the reciprocal of a denormal range would overflow.
    double const guess = (value - edges.front()) / range * static_cast<double>(kHistogramBins);
    auto bin = std::min(static_cast<std::size_t>(guess), kHistogramBins - 1);
    // The guess is rounded; the edges that are reported decide.
    while (bin > 0 && value < edges[bin]) --bin;
    while (bin + 1 < kHistogramBins && value >= edges[bin + 1]) ++bin;
    ++bins[bin];
  }
  all_reduce(comm, std::span(bins), Reduce::sum);
  return bins;
}

}  // namespace

ColumnStatistics describe(Communicator const& comm, std::span<double const> values) {
  ColumnStatistics out{moments(comm, values), quantiles(comm, values, kReportedQuantiles), {}, {}};
  if (out.count == 0) {
    out.histogram_edges.assign(kHistogramBins + 1, std::numeric_limits<double>::quiet_NaN());
    out.histogram.assign(kHistogramBins, 0);
    return out;
  }
  out.histogram_edges = edges_between(out.min, out.max);
  out.histogram = count_between(comm, values, out.histogram_edges);
  return out;
}

}  // namespace tessera
