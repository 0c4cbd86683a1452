// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace tessera::cluster {

/// Local. k centroids of weighted points: weighted k-means++ followed by weighted Lloyd iterations, in double
/// and in the order of the points, so that every rank finds the same. points: row-major [n, columns],
/// distinct, n >= k; weights: [n], positive. Returns row-major [k, columns].
template <class T>
[[nodiscard]] std::vector<T> recluster(std::span<T const> points, std::span<std::int64_t const> weights,
                                       std::size_t columns, std::size_t k, std::uint64_t seed);

}  // namespace tessera::cluster
