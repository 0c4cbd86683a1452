// SPDX-License-Identifier: Apache-2.0
#include "gather_rows.hpp"

#include "tessera/comm/collectives.hpp"

namespace tessera::cluster {

std::vector<float> gather_rows(Communicator const& comm, Customers const& customers,
                               std::span<LocalRow const> chosen) {
  std::vector<float> mine;
  mine.reserve(chosen.size() * customers.columns());
  for (auto const row : chosen) {
    auto const values = customers.matrix.row(row);
    mine.insert(mine.end(), values.begin(), values.end());
  }
  return all_gather(comm, std::span<float const>(mine)).values;
}

}  // namespace tessera::cluster
