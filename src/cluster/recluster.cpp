// SPDX-License-Identifier: Apache-2.0
#include "recluster.hpp"

#include "tessera/core/narrow.hpp"
#include "tessera/core/random.hpp"
#include "tessera/kernel/nearest.hpp"

#include <limits>
#include <numeric>

namespace tessera::cluster {

namespace {

/// Enough for about 10 k points; what is left to gain is gained by the iterations over all customers.
constexpr int kMaxIterations = 30;

/// The point on which the running sum of masses first exceeds target, or the last with any mass.
std::size_t point_at(std::span<double const> masses, double target) {
  std::size_t chosen = 0;
  for (std::size_t i = 0; i < masses.size(); ++i) {
    if (masses[i] == 0) continue;
    chosen = i;
    if (target < masses[i]) break;
    target -= masses[i];
  }
  return chosen;
}

template <class T>
std::vector<T> weighted_plus_plus(std::span<T const> points, std::span<std::int64_t const> weights,
                                  std::size_t columns, std::size_t k, std::uint64_t seed) {
  Draw const draw(seed, Purpose::recluster);
  std::vector<double> masses(weights.begin(), weights.end());
  std::vector<T> distances(weights.size(), std::numeric_limits<T>::infinity());
  std::vector<T> out;
  for (std::size_t j = 0; j < k; ++j) {
    double const total = std::accumulate(masses.begin(), masses.end(), 0.0);
    std::size_t const chosen = point_at(masses, draw.uniform(0, narrow<std::uint32_t>(j)) * total);
    auto const newest = points.subspan(chosen * columns, columns);
    out.insert(out.end(), newest.begin(), newest.end());
    lower_squared_distances(points, Centroids<T>({newest.begin(), newest.end()}, columns), distances, {}, 0);
    for (std::size_t i = 0; i < masses.size(); ++i) {
      masses[i] = static_cast<double>(weights[i]) * static_cast<double>(distances[i]);
    }
  }
  return out;
}

/// Weighted means; a centroid that no point is nearest to stays where it is.
template <class T>
std::vector<T> weighted_means(std::span<T const> points, std::span<std::int64_t const> weights,
                              std::span<std::int32_t const> segment, std::vector<T> centroids,
                              std::size_t columns) {
  std::vector<double> sum(centroids.size()), size(centroids.size() / columns);
  for (std::size_t i = 0; i < segment.size(); ++i) {
    auto const j = static_cast<std::size_t>(segment[i]);
    auto const weight = static_cast<double>(weights[i]);
    size[j] += weight;
    for (std::size_t f = 0; f < columns; ++f) {
      sum[j * columns + f] += weight * static_cast<double>(points[i * columns + f]);
    }
  }
  for (std::size_t i = 0; i < sum.size(); ++i) {
    if (size[i / columns] > 0) centroids[i] = static_cast<T>(sum[i] / size[i / columns]);
  }
  return centroids;
}

}  // namespace

template <class T>
std::vector<T> recluster(std::span<T const> points, std::span<std::int64_t const> weights,
                         std::size_t columns, std::size_t k, std::uint64_t seed) {
  std::vector<T> centroids = weighted_plus_plus(points, weights, columns, k, seed);
  std::vector<std::int32_t> segment(weights.size()), previous;
  for (int iteration = 0; iteration < kMaxIterations && segment != previous; ++iteration) {
    previous = segment;
    nearest(points, Centroids<T>(centroids, columns), segment);
    centroids = weighted_means(points, weights, segment, std::move(centroids), columns);
  }
  return centroids;
}

template std::vector<float> recluster(std::span<float const>, std::span<std::int64_t const>, std::size_t,
                                      std::size_t, std::uint64_t);
template std::vector<double> recluster(std::span<double const>, std::span<std::int64_t const>, std::size_t,
                                       std::size_t, std::uint64_t);

}  // namespace tessera::cluster
