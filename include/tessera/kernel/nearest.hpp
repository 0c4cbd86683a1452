// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/kernel/centroids.hpp"

#include <cstdint>
#include <span>
#include <type_traits>

/// The nearest centroid of each row, in float or double. `rows` is row-major [n, centroids.columns()]; the
/// values are finite, and of magnitude at most 1 or so where the result has to mean something.
///
/// A centroid is ranked by its score |c|^2/2 - x.c, which orders centroids as the squared distance does:
///   s = half_norm; for every column f: s = fma(-x_f, c_f, s)
/// The lowest score wins; of equal scores the lowest index. This chain of roundings *is* the definition:
/// `reference` spells it out, and the fast functions return the same bits at every SIMD level, since they
/// vectorise across rows and leave the operations of one row as they are.
namespace tessera {

/// T is deduced from the centroids, so that vectors can be passed as rows.
template <class T>
using ValuesOf = std::span<std::type_identity_t<T>>;

/// Local. Writes the index of the nearest centroid of each row. nearest: [n].
template <class T>
void nearest(ValuesOf<T const> rows, Centroids<T> const& centroids, std::span<std::int32_t> nearest);

/// Local. The nearest and the second nearest centroid of each row; of one centroid, index 0 twice.
template <class T>
void nearest_two(ValuesOf<T const> rows, Centroids<T> const& centroids, std::span<std::int32_t> nearest,
                 std::span<std::int32_t> runner_up);

/// One model's part in a scan. Arrays have an element for each row of the scan, in its order.
template <class T>
struct NearestScan {
  Centroids<T> const* centroids = nullptr;
  std::int32_t* nearest = nullptr;
  /// How far centroids may move before another one can become nearest: while the moves of the own centroid
  /// and the largest moves of the others sum up to less than this, nearest() would return the same, whatever
  /// its roundings. Null: not wanted.
  float* reach = nullptr;
  float* radius = nullptr;  ///< with reach: an upper bound of the distance to the nearest centroid
};

/// Local. What nearest() writes, for several models that read each row once; with reaches where wanted.
/// `rows`: row-major [n, columns] with the columns of every model; `listed`: the rows to scan, or null for
/// all `count` = n of them.
template <class T>
void scan_nearest(T const* rows, std::uint32_t const* listed, std::size_t count,
                  std::span<NearestScan<T> const> models);

/// Local. Lowers squared_distance[i] to the squared distance from row i to the nearest of `centroids`, where
/// that is less; nearest[i], unless `nearest` is empty, becomes first_index + its index then. In the
/// difference form, e = x_f - c_f; s = fma(e, e, s): a row's distance to a copy of itself is exactly zero.
template <class T>
void lower_squared_distances(ValuesOf<T const> rows, Centroids<T> const& centroids,
                             ValuesOf<T> squared_distance, std::span<std::int32_t> nearest,
                             std::int32_t first_index);

/// Local. The same for the rows i in `listed` alone.
template <class T>
void lower_squared_distances(ValuesOf<T const> rows, std::span<std::uint32_t const> listed,
                             Centroids<T> const& centroids, ValuesOf<T> squared_distance,
                             std::span<std::int32_t> nearest, std::int32_t first_index);

/// The definitions, one row and one operation at a time.
namespace reference {

template <class T>
void nearest(ValuesOf<T const> rows, Centroids<T> const& centroids, std::span<std::int32_t> nearest);
template <class T>
void nearest_two(ValuesOf<T const> rows, Centroids<T> const& centroids, std::span<std::int32_t> nearest,
                 std::span<std::int32_t> runner_up);
template <class T>
void lower_squared_distances(ValuesOf<T const> rows, Centroids<T> const& centroids,
                             ValuesOf<T> squared_distance, std::span<std::int32_t> nearest,
                             std::int32_t first_index);

}  // namespace reference

}  // namespace tessera
