// SPDX-License-Identifier: Apache-2.0
#include "tessera/kernel/centroids.hpp"

#include <utility>

namespace tessera {

Centroids::Centroids(std::vector<float> coordinates, std::size_t columns)
    : columns_(columns), coordinates_(std::move(coordinates)), half_norm_(coordinates_.size() / columns) {
  for (std::size_t j = 0; j < size(); ++j) {
    double norm = 0;
    for (double const c : row(j)) norm += c * c;
    half_norm_[j] = static_cast<float>(0.5 * norm);
  }
}

}  // namespace tessera
