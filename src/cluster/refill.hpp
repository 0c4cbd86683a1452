// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <vector>

#include "customers.hpp"

namespace tessera::cluster {

/// *Collective.* Gives each segment in `empty`, in that order, a new centroid in `centroids` (row-major
/// [k, columns], stored values): the customer that is farthest from its nearest centroid, counting
/// `assigned_with`, the centroids of the assignment, and the new ones so far; of equally far customers the
/// first in global order. Throws InputError when every customer lies on a centroid. Costs a pass over the
/// customers for each.
template <class T>
void refill(Communicator const& comm, Customers<T> const& customers,
            std::type_identity_t<std::span<T const>> assigned_with, std::span<std::size_t const> empty,
            std::type_identity_t<std::span<T>> centroids);

}  // namespace tessera::cluster
