// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/cluster/kmeans.hpp"

#include <span>

namespace tessera::cluster {

/// Local. Throws the ConfigurationError or InputError that kmeans() promises for what can be seen from the
/// options and the shape of the matrix, and BugError for a matrix whose values do not fill that shape.
template <class T>
void check(Matrix<T> const& matrix, std::span<T const> weight, KMeansOptions const& options);

}  // namespace tessera::cluster
