// SPDX-License-Identifier: Apache-2.0
#include "tessera/kernel/nearest.hpp"

#include <cmath>
#include <limits>

namespace tessera::reference {

namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();

float score(std::span<float const> x, Centroids const& centroids, std::size_t j) {
  auto const c = centroids.row(j);
  float s = centroids.half_norm()[j];
  for (std::size_t f = 0; f < x.size(); ++f) s = std::fma(-x[f], c[f], s);
  return s;
}

float squared_distance(std::span<float const> x, std::span<float const> c) {
  float s = 0;
  for (std::size_t f = 0; f < x.size(); ++f) {
    float const difference = x[f] - c[f];
    s = std::fma(difference, difference, s);
  }
  return s;
}

}  // namespace

void nearest(std::span<float const> rows, Centroids const& centroids, std::span<std::int32_t> nearest) {
  std::size_t const d = centroids.columns();
  for (std::size_t i = 0; i < nearest.size(); ++i) {
    float lowest = kInfinity;
    nearest[i] = 0;
    for (std::size_t j = 0; j < centroids.size(); ++j) {
      float const s = score(rows.subspan(i * d, d), centroids, j);
      if (s < lowest) {
        lowest = s;
        nearest[i] = static_cast<std::int32_t>(j);
      }
    }
  }
}

void nearest_two(std::span<float const> rows, Centroids const& centroids, std::span<std::int32_t> nearest,
                 std::span<std::int32_t> runner_up) {
  std::size_t const d = centroids.columns();
  for (std::size_t i = 0; i < nearest.size(); ++i) {
    float lowest = kInfinity, second = kInfinity;
    nearest[i] = runner_up[i] = 0;
    for (std::size_t j = 0; j < centroids.size(); ++j) {
      float const s = score(rows.subspan(i * d, d), centroids, j);
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

void lower_squared_distances(std::span<float const> rows, Centroids const& centroids,
                             std::span<float> squared_distance, std::span<std::int32_t> nearest,
                             std::int32_t first_index) {
  std::size_t const d = centroids.columns();
  for (std::size_t i = 0; i < squared_distance.size(); ++i) {
    for (std::size_t j = 0; j < centroids.size(); ++j) {
      float const s = reference::squared_distance(rows.subspan(i * d, d), centroids.row(j));
      if (s < squared_distance[i]) {
        squared_distance[i] = s;
        if (!nearest.empty()) nearest[i] = first_index + static_cast<std::int32_t>(j);
      }
    }
  }
}

}  // namespace tessera::reference
