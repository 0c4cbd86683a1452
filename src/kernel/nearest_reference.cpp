// SPDX-License-Identifier: Apache-2.0
#include "tessera/kernel/nearest.hpp"

#include <cmath>
#include <limits>

namespace tessera::reference {

namespace {

template <class T>
constexpr T kInfinity = std::numeric_limits<T>::infinity();

template <class T>
T score(std::span<T const> x, Centroids<T> const& centroids, std::size_t j) {
  auto const c = centroids.row(j);
  T s = centroids.half_norm()[j];
  for (std::size_t f = 0; f < x.size(); ++f) s = std::fma(-x[f], c[f], s);
  return s;
}

template <class T>
T squared_distance(std::span<T const> x, std::span<T const> c) {
  T s = 0;
  for (std::size_t f = 0; f < x.size(); ++f) {
    T const difference = x[f] - c[f];
    s = std::fma(difference, difference, s);
  }
  return s;
}

}  // namespace

template <class T>
void nearest(ValuesOf<T const> rows, Centroids<T> const& centroids, std::span<std::int32_t> nearest) {
  std::size_t const d = centroids.columns();
  for (std::size_t i = 0; i < nearest.size(); ++i) {
    T lowest = kInfinity<T>;
    nearest[i] = 0;
    for (std::size_t j = 0; j < centroids.size(); ++j) {
      T const s = score<T>(rows.subspan(i * d, d), centroids, j);
      if (s < lowest) {
        lowest = s;
        nearest[i] = static_cast<std::int32_t>(j);
      }
    }
  }
}

template <class T>
void nearest_two(ValuesOf<T const> rows, Centroids<T> const& centroids, std::span<std::int32_t> nearest,
                 std::span<std::int32_t> runner_up) {
  std::size_t const d = centroids.columns();
  for (std::size_t i = 0; i < nearest.size(); ++i) {
    T lowest = kInfinity<T>, second = kInfinity<T>;
    nearest[i] = runner_up[i] = 0;
    for (std::size_t j = 0; j < centroids.size(); ++j) {
      T const s = score<T>(rows.subspan(i * d, d), centroids, j);
      if (s < lowest) {
        second = lowest;
        runner_up[i] = nearest[i];
        lowest = s;
        nearest[i] = static_cast<std::int32_t>(j);
      } else if (s < second) {
        second = s;
        runner_up[i] = static_cast<std::int32_t>(j);
      }
    }
  }
}

template <class T>
void lower_squared_distances(ValuesOf<T const> rows, Centroids<T> const& centroids,
                             ValuesOf<T> squared_distance, std::span<std::int32_t> nearest,
                             std::int32_t first_index) {
  std::size_t const d = centroids.columns();
  for (std::size_t i = 0; i < squared_distance.size(); ++i) {
    for (std::size_t j = 0; j < centroids.size(); ++j) {
      T const s = reference::squared_distance<T>(rows.subspan(i * d, d), centroids.row(j));
      if (s < squared_distance[i]) {
        squared_distance[i] = s;
        if (!nearest.empty()) nearest[i] = first_index + static_cast<std::int32_t>(j);
      }
    }
  }
}

template void nearest(ValuesOf<float const>, Centroids<float> const&, std::span<std::int32_t>);
template void nearest_two(ValuesOf<float const>, Centroids<float> const&, std::span<std::int32_t>,
                          std::span<std::int32_t>);
template void lower_squared_distances(ValuesOf<float const>, Centroids<float> const&, ValuesOf<float>,
                                      std::span<std::int32_t>, std::int32_t);
template void nearest(ValuesOf<double const>, Centroids<double> const&, std::span<std::int32_t>);
template void nearest_two(ValuesOf<double const>, Centroids<double> const&, std::span<std::int32_t>,
                          std::span<std::int32_t>);
template void lower_squared_distances(ValuesOf<double const>, Centroids<double> const&, ValuesOf<double>,
                                      std::span<std::int32_t>, std::int32_t);

}  // namespace tessera::reference
