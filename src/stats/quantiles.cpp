// SPDX-License-Identifier: Apache-2.0
#include "tessera/stats/quantiles.hpp"

#include "tessera/comm/collectives.hpp"
#include "tessera/core/error.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

namespace tessera {

std::vector<double> quantiles(Communicator const& comm, std::span<double const> values,
                              std::span<double const> probabilities) {
  std::uint64_t count = 0;
  for (auto const value : values) count += std::isnan(value) ? 0 : 1;
  count = all_reduce(comm, count, Reduce::sum);
  if (count == 0) return std::vector<double>(probabilities.size(), std::numeric_limits<double>::quiet_NaN());

  std::vector<std::uint64_t> positions;  // lower and upper neighbour of each quantile
  std::vector<double> fractions;
  for (auto const probability : probabilities) {
    if (!(probability >= 0.0 && probability <= 1.0)) {
      throw BugError("the quantile of probability " + std::to_string(probability));
    }
    double const position = static_cast<double>(count - 1) * probability;
    auto const lower = std::min(static_cast<std::uint64_t>(position), count - 1);
    positions.push_back(lower);
    positions.push_back(std::min(lower + 1, count - 1));
    fractions.push_back(position - std::floor(position));
  }
  auto const neighbours = order_statistics(comm, values, positions);
  std::vector<double> out;
  for (std::size_t q = 0; q < fractions.size(); ++q) {
    double const lower = neighbours[2 * q], upper = neighbours[2 * q + 1];
    // At most `upper`: rounding must not put a quantile above the value that it lies below.
    out.push_back(std::min(lower + (upper - lower) * fractions[q], upper));
  }
  return out;
}

}  // namespace tessera
