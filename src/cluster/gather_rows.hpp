// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <vector>

#include "customers.hpp"

namespace tessera::cluster {

/// *Collective.* The stored values of the chosen rows of all ranks, in the order of the ranks: row-major
/// [chosen, columns], on every rank. In global order when each rank lists its rows in ascending order.
template <class T>
[[nodiscard]] std::vector<T> gather_rows(Communicator const& comm, Customers<T> const& customers,
                                         std::span<LocalRow const> chosen);

}  // namespace tessera::cluster
