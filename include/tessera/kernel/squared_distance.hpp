// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>

namespace tessera {

/// Local. |a - b|^2 of two points of the same length, in double, in the order of the columns: exact to a few
/// units in the last place however far the points are from the origin.
[[nodiscard]] inline double squared_distance(std::span<float const> a, std::span<float const> b) noexcept {
  double sum = 0;
  for (std::size_t f = 0; f < a.size(); ++f) {
    double const difference = static_cast<double>(a[f]) - static_cast<double>(b[f]);
    sum += difference * difference;
  }
  return sum;
}

}  // namespace tessera
