// SPDX-License-Identifier: Apache-2.0
#include "tessera/stats/population_stability.hpp"

#include "tessera/core/error.hpp"

#include <cmath>
#include <numeric>

namespace tessera {

double population_stability(std::span<std::uint64_t const> before, std::span<std::uint64_t const> now) {
  if (before.size() != now.size()) throw BugError("distributions over different bins");
  auto const whole = [](std::span<std::uint64_t const> counts) {
    return static_cast<double>(std::accumulate(counts.begin(), counts.end(), std::uint64_t{0})) +
           0.5 * static_cast<double>(counts.size());
  };
  double const all_before = whole(before), all_now = whole(now);
  double index = 0;
  for (std::size_t bin = 0; bin < before.size(); ++bin) {
    double const p = (static_cast<double>(before[bin]) + 0.5) / all_before;
    double const q = (static_cast<double>(now[bin]) + 0.5) / all_now;
    index += (q - p) * std::log(q / p);
  }
  return index;
}

}  // namespace tessera
