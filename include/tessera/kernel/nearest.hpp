// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/kernel/centroids.hpp"

#include <cstdint>
#include <span>

/// The nearest centroid of each row, in float32. `rows` is row-major [n, centroids.columns()]; the values are
/// finite, and of magnitude at most 1 or so where the result has to mean something.
///
/// A centroid is ranked by its score |c|^2/2 - x.c, which orders centroids as the squared distance does:
///   s = half_norm; for every column f: s = fma(-x_f, c_f, s)
/// The lowest score wins; of equal scores the lowest index. This chain of roundings *is* the definition:
/// `reference` spells it out, and the fast functions return the same bits at every SIMD level, since they
/// vectorise across rows and leave the operations of one row as they are.
namespace tessera {

/// Local. Writes the index of the nearest centroid of each row. nearest: [n].
void nearest(std::span<float const> rows, Centroids const& centroids, std::span<std::int32_t> nearest);

/// Local. The nearest and the second nearest centroid of each row; of one centroid, index 0 twice.
void nearest_two(std::span<float const> rows, Centroids const& centroids, std::span<std::int32_t> nearest,
                 std::span<std::int32_t> runner_up);

/// Local. Lowers squared_distance[i] to the squared distance from row i to the nearest of `centroids`, where
/// that is less; nearest[i], unless `nearest` is empty, becomes first_index + its index then. In the
/// difference form, e = x_f - c_f; s = fma(e, e, s): a row's distance to a copy of itself is exactly zero.
void lower_squared_distances(std::span<float const> rows, Centroids const& centroids,
                             std::span<float> squared_distance, std::span<std::int32_t> nearest,
                             std::int32_t first_index);

/// The definitions, one row and one operation at a time.
namespace reference {

void nearest(std::span<float const> rows, Centroids const& centroids, std::span<std::int32_t> nearest);
void nearest_two(std::span<float const> rows, Centroids const& centroids, std::span<std::int32_t> nearest,
                 std::span<std::int32_t> runner_up);
void lower_squared_distances(std::span<float const> rows, Centroids const& centroids,
                             std::span<float> squared_distance, std::span<std::int32_t> nearest,
                             std::int32_t first_index);

}  // namespace reference

}  // namespace tessera
