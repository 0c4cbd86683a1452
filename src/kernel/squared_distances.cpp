// SPDX-License-Identifier: Apache-2.0
// Compiled once for every SIMD level, as nearest.cpp is.
#include "tessera/kernel/nearest.hpp"

#include <algorithm>
#include <cstddef>

#define HWY_DISABLED_TARGETS (HWY_SVE | HWY_SVE2 | HWY_SVE_256 | HWY_SVE2_128 | HWY_RVV)
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernel/squared_distances.cpp"
#include "hwy/foreach_target.h"
//
#include "kernel/row_tile-inl.h"

HWY_BEFORE_NAMESPACE();
namespace tessera {
namespace HWY_NAMESPACE {

#if HWY_NATIVE_FMA
template <class T>
struct SquaredDistance {
  static HWY_INLINE Vec<T> start(T) { return hn::Zero(Tag<T>()); }
  static HWY_INLINE Vec<T> step(Vec<T> total, Vec<T> x, Vec<T> c) {
    Vec<T> const difference = hn::Sub(x, c);
    return hn::MulAdd(difference, difference, total);
  }
};

template <class T>
HWY_INLINE IndexVec<T> load_indices(std::int32_t const* in) {
  if constexpr (sizeof(T) == 4) {
    return hn::LoadU(IndexTag<T>(), in);
  } else {
    return hn::PromoteTo(IndexTag<T>(), hn::LoadU(hn::Rebind<std::int32_t, IndexTag<T>>(), in));
  }
}

template <class T>
void lower_all(T const* rows, std::uint32_t const* listed, std::size_t n, Centroids<T> const& centroids,
               T* squared_distance, std::int32_t* nearest, std::int32_t first_index) {
  RowTile<T> tile(centroids.columns());
  T value[kTileRows<T>] = {};
  std::int32_t index[kTileRows<T>] = {};
  for (std::size_t i = 0; i < n; i += kTileRows<T>) {
    std::size_t const count = std::min(kTileRows<T>, n - i);
    auto const row = [&](std::size_t r) { return listed == nullptr ? i + r : listed[i + r]; };
    tile.load(rows, listed, i, count);
    Prefetch<T> prefetch(rows, listed, i + count, n, tile.columns());
    for (std::size_t r = 0; r < count; ++r) {
      value[r] = squared_distance[row(r)];
      if (nearest != nullptr) index[r] = nearest[row(r)];
    }
    Lowest<T> keep[kVectors];
    for (std::size_t v = 0; v < kVectors; ++v) {
      keep[v] = {hn::LoadU(Tag<T>(), value + v * kLanes<T>), load_indices<T>(index + v * kLanes<T>)};
    }
    offer_all<SquaredDistance<T>>(tile, centroids, first_index, keep, prefetch);
    for (std::size_t v = 0; v < kVectors; ++v) {
      hn::StoreU(keep[v].value, Tag<T>(), value + v * kLanes<T>);
      store_indices<T>(keep[v].index, index + v * kLanes<T>);
    }
    for (std::size_t r = 0; r < count; ++r) {
      squared_distance[row(r)] = value[r];
      if (nearest != nullptr) nearest[row(r)] = index[r];
    }
  }
}
#else
template <class T>
void lower_all(T const* rows, std::uint32_t const* listed, std::size_t n, Centroids<T> const& centroids,
               T* squared_distance, std::int32_t* nearest, std::int32_t first_index) {
  std::size_t const d = centroids.columns();
  for (std::size_t i = 0; i < n; ++i) {
    std::size_t const row = listed == nullptr ? i : listed[i];
    reference::lower_squared_distances(
        {rows + row * d, d}, centroids, {squared_distance + row, 1},
        {nearest == nullptr ? nullptr : nearest + row, nearest == nullptr ? 0U : 1U}, first_index);
  }
}
#endif

void LowerFloat(float const* rows, std::uint32_t const* listed, std::size_t n,
                Centroids<float> const& centroids, float* squared_distance, std::int32_t* nearest,
                std::int32_t first_index) {
  lower_all(rows, listed, n, centroids, squared_distance, nearest, first_index);
}

void LowerDouble(double const* rows, std::uint32_t const* listed, std::size_t n,
                 Centroids<double> const& centroids, double* squared_distance, std::int32_t* nearest,
                 std::int32_t first_index) {
  lower_all(rows, listed, n, centroids, squared_distance, nearest, first_index);
}

}  // namespace HWY_NAMESPACE
}  // namespace tessera
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace tessera {

HWY_EXPORT(LowerFloat);
HWY_EXPORT(LowerDouble);

namespace {

void lower(float const* rows, std::uint32_t const* listed, std::size_t n, Centroids<float> const& centroids,
           float* squared_distance, std::int32_t* nearest, std::int32_t first_index) {
  HWY_DYNAMIC_DISPATCH(LowerFloat)
  (rows, listed, n, centroids, squared_distance, nearest, first_index);
}

void lower(double const* rows, std::uint32_t const* listed, std::size_t n, Centroids<double> const& centroids,
           double* squared_distance, std::int32_t* nearest, std::int32_t first_index) {
  HWY_DYNAMIC_DISPATCH(LowerDouble)
  (rows, listed, n, centroids, squared_distance, nearest, first_index);
}

}  // namespace

template <class T>
void lower_squared_distances(ValuesOf<T const> rows, Centroids<T> const& centroids,
                             ValuesOf<T> squared_distance, std::span<std::int32_t> nearest,
                             std::int32_t first_index) {
  lower(rows.data(), nullptr, squared_distance.size(), centroids, squared_distance.data(),
        nearest.empty() ? nullptr : nearest.data(), first_index);
}

template <class T>
void lower_squared_distances(ValuesOf<T const> rows, std::span<std::uint32_t const> listed,
                             Centroids<T> const& centroids, ValuesOf<T> squared_distance,
                             std::span<std::int32_t> nearest, std::int32_t first_index) {
  lower(rows.data(), listed.data(), listed.size(), centroids, squared_distance.data(),
        nearest.empty() ? nullptr : nearest.data(), first_index);
}

template void lower_squared_distances(ValuesOf<float const>, Centroids<float> const&, ValuesOf<float>,
                                      std::span<std::int32_t>, std::int32_t);
template void lower_squared_distances(ValuesOf<double const>, Centroids<double> const&, ValuesOf<double>,
                                      std::span<std::int32_t>, std::int32_t);
template void lower_squared_distances(ValuesOf<float const>, std::span<std::uint32_t const>,
                                      Centroids<float> const&, ValuesOf<float>, std::span<std::int32_t>,
                                      std::int32_t);
template void lower_squared_distances(ValuesOf<double const>, std::span<std::uint32_t const>,
                                      Centroids<double> const&, ValuesOf<double>, std::span<std::int32_t>,
                                      std::int32_t);

}  // namespace tessera
#endif
