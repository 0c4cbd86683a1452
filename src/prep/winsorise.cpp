// SPDX-License-Identifier: Apache-2.0
#include "winsorise.hpp"

#include "tessera/comm/collectives.hpp"
#include "tessera/stats/quantiles.hpp"

namespace tessera::detail {

Winsorised winsorise(Communicator const& comm, std::array<double, 2> const& probabilities,
                     std::span<double> values) {
  auto const at = quantiles(comm, values, probabilities);
  Winsorised out{{at[0], at[1]}, 0};
  for (auto& value : values) {
    bool const below = value<at[0], above = value> at[1];  // neither holds of NaN
    if (!below && !above) continue;
    value = below ? at[0] : at[1];
    ++out.values;
  }
  out.values = all_reduce(comm, out.values, Reduce::sum);
  return out;
}

}  // namespace tessera::detail
