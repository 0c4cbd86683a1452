// SPDX-License-Identifier: Apache-2.0
#include "gather_rows.hpp"

#include "tessera/comm/collectives.hpp"

namespace tessera::cluster {

template <class T>
std::vector<T> gather_rows(Communicator const& comm, Customers<T> const& customers,
                           std::span<LocalRow const> chosen) {
  std::vector<T> mine;
  mine.reserve(chosen.size() * customers.columns());
  for (auto const row : chosen) {
    auto const values = customers.matrix.row(row);
    mine.insert(mine.end(), values.begin(), values.end());
  }
  return all_gather(comm, std::span<T const>(mine)).values;
}

template std::vector<float> gather_rows(Communicator const&, Customers<float> const&,
                                        std::span<LocalRow const>);
template std::vector<double> gather_rows(Communicator const&, Customers<double> const&,
                                         std::span<LocalRow const>);

}  // namespace tessera::cluster
