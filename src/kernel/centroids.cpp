// SPDX-License-Identifier: Apache-2.0
#include "tessera/kernel/centroids.hpp"

#include <utility>

namespace tessera {

template <class T>
Centroids<T>::Centroids(std::vector<T> coordinates, std::size_t columns)
    : columns_(columns), coordinates_(std::move(coordinates)), half_norm_(coordinates_.size() / columns) {
  for (std::size_t j = 0; j < size(); ++j) {
    double norm = 0;
    for (double const c : row(j)) norm += c * c;
    half_norm_[j] = static_cast<T>(0.5 * norm);
  }
}

template class Centroids<float>;
template class Centroids<double>;

}  // namespace tessera
