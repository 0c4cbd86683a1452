// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <type_traits>

namespace tessera {

/// Local. |a - b|^2 of two points of the same length, in double, in the order of the columns: exact to a few
/// units in the last place however far the points are from the origin.
template <class T>
[[nodiscard]] double squared_distance(std::span<T const> a,
                                      std::type_identity_t<std::span<T const>> b) noexcept {
  double sum = 0;
  for (std::size_t f = 0; f < a.size(); ++f) {
    double const difference = static_cast<double>(a[f]) - static_cast<double>(b[f]);
    sum += difference * difference;
  }
  return sum;
}

}  // namespace tessera
