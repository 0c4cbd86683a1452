// SPDX-License-Identifier: Apache-2.0
// Compiled once for every SIMD level (Highway's foreach_target); the best one that the machine has is chosen
// at run time.
#include "tessera/kernel/nearest.hpp"

#include <algorithm>
#include <cstddef>
#include <limits>

// Arrays of vectors need vectors of a known size. ARM machines with SVE use NEON here.
#define HWY_DISABLED_TARGETS (HWY_SVE | HWY_SVE2 | HWY_SVE_256 | HWY_SVE2_128 | HWY_RVV)
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernel/nearest.cpp"
#include "hwy/foreach_target.h"
//
#include "kernel/reach.hpp"
#include "kernel/row_tile-inl.h"

HWY_BEFORE_NAMESPACE();
namespace tessera {
namespace HWY_NAMESPACE {

#if HWY_NATIVE_FMA
template <class T>
struct Score {
  static HWY_INLINE Vec<T> start(T half_norm) { return hn::Set(Tag<T>(), half_norm); }
  static HWY_INLINE Vec<T> step(Vec<T> total, Vec<T> x, Vec<T> c) { return hn::NegMulAdd(x, c, total); }
};

/// The two lowest values offered, and who offered them.
template <class T>
struct LowestTwo {
  Vec<T> value, second_value;
  IndexVec<T> index, second_index;
  HWY_INLINE void offer(Vec<T> offered, IndexVec<T> j) {
    IndexTag<T> const i;
    auto const lower = hn::Lt(offered, value);
    auto const second = hn::Lt(offered, second_value);
    second_value = hn::IfThenElse(lower, value, hn::IfThenElse(second, offered, second_value));
    second_index = hn::IfThenElse(hn::RebindMask(i, lower), index,
                                  hn::IfThenElse(hn::RebindMask(i, second), j, second_index));
    value = hn::IfThenElse(lower, offered, value);
    index = hn::IfThenElse(hn::RebindMask(i, lower), j, index);
  }
};

/// The two lowest values offered, and who offered the lowest.
template <class T>
struct LowestAndNext {
  Vec<T> value, next_value;
  IndexVec<T> index;
  HWY_INLINE void offer(Vec<T> offered, IndexVec<T> j) {
    auto const lower = hn::Lt(offered, value);
    next_value = hn::Min(next_value, hn::Max(value, offered));
    value = hn::IfThenElse(lower, offered, value);
    index = hn::IfThenElse(hn::RebindMask(IndexTag<T>(), lower), j, index);
  }
};

template <class T>
HWY_INLINE void scan_labels(RowTile<T> const& tile, NearestScan<T> const& model, std::size_t first,
                            std::size_t count, Prefetch<T>& prefetch) {
  Lowest<T> keep[kVectors];
  for (auto& lowest : keep) lowest = {hn::Inf(Tag<T>()), hn::Zero(IndexTag<T>())};
  offer_all<Score<T>>(tile, *model.centroids, 0, keep, prefetch);
  std::int32_t index[kTileRows<T>];
  for (std::size_t v = 0; v < kVectors; ++v) store_indices<T>(keep[v].index, index + v * kLanes<T>);
  std::copy_n(index, count, model.nearest + first);
}

template <class T>
HWY_INLINE void scan_reaches(RowTile<T> const& tile, NearestScan<T> const& model, std::size_t first,
                             std::size_t count, Prefetch<T>& prefetch) {
  Tag<T> const tag;
  LowestAndNext<T> keep[kVectors];
  for (auto& lowest : keep) lowest = {hn::Inf(tag), hn::Inf(tag), hn::Zero(IndexTag<T>())};
  offer_all<Score<T>>(tile, *model.centroids, 0, keep, prefetch);
  Vec<T> norm[kVectors];
  for (auto& total : norm) total = hn::Zero(tag);
  for (std::size_t f = 0; f < tile.columns(); ++f) {
    for (std::size_t v = 0; v < kVectors; ++v) norm[v] = hn::MulAdd(tile(f, v), tile(f, v), norm[v]);
  }
  ReachConstants<T> const constant(tile.columns());
  std::int32_t index[kTileRows<T>];
  float reach[kTileRows<T>], radius[kTileRows<T>];
  for (std::size_t v = 0; v < kVectors; ++v) {
    auto const set = [&](T value) HWY_ATTR { return hn::Set(tag, value); };
    Vec<T> const two = set(2), zero = hn::Zero(tag);
    Vec<T> const blur = hn::Mul(norm[v], set(constant.score_error));
    // What is known of the two squared distances, widened by what rounding may have done to them.
    Vec<T> const nearest = hn::Mul(hn::Add(hn::MulAdd(two, keep[v].value, norm[v]), blur), set(constant.up));
    Vec<T> const next =
        hn::Mul(hn::Sub(hn::MulAdd(two, keep[v].next_value, norm[v]), blur), set(constant.down));
    Vec<T> const upper = hn::Mul(hn::Sqrt(hn::Max(nearest, zero)), set(constant.up));
    Vec<T> const lower = hn::Mul(hn::Sqrt(hn::Max(next, zero)), set(constant.down));
    Vec<T> const half = hn::Mul(lower, set(T{0.5}));
    // A tie within rounding is settled by scores, not by distances: keep away from it.
    Vec<T> const length = hn::Sqrt(norm[v]);
    Vec<T> const tie =
        hn::Mul(set(constant.tie), hn::Add(hn::Add(hn::Div(norm[v], lower), length), hn::Add(lower, upper)));
    Vec<T> const gap = hn::Sub(hn::Mul(hn::Sub(lower, upper), set(constant.down)), tie);
    // A gap that is not a number (a lower bound of zero, values out of range) gives no reach.
    Vec<T> const least = hn::Min(half, gap);
    store_floats<T>(hn::IfThenElse(hn::Gt(least, zero), hn::Mul(least, set(constant.down)), zero),
                    reach + v * kLanes<T>);
    store_floats<T>(hn::Mul(upper, set(constant.up)), radius + v * kLanes<T>);
    store_indices<T>(keep[v].index, index + v * kLanes<T>);
  }
  std::copy_n(index, count, model.nearest + first);
  if (model.centroids->size() == 1) std::fill_n(reach, count, std::numeric_limits<float>::max());
  std::copy_n(reach, count, model.reach + first);
  std::copy_n(radius, count, model.radius + first);
}

template <class T>
void scan_all(T const* rows, std::uint32_t const* listed, std::size_t n,
              std::span<NearestScan<T> const> models) {
  RowTile<T> tile(models.front().centroids->columns());
  for (std::size_t i = 0; i < n; i += kTileRows<T>) {
    std::size_t const count = std::min(kTileRows<T>, n - i);
    tile.load(rows, listed, i, count);
    Prefetch<T> prefetch(rows, listed, i + count, n, tile.columns());
    for (auto const& model : models) {
      if (model.reach == nullptr) {
        scan_labels(tile, model, i, count, prefetch);
      } else {
        scan_reaches(tile, model, i, count, prefetch);
      }
    }
  }
}

template <class T>
void nearest_two_of_all(T const* rows, std::size_t n, Centroids<T> const& centroids, std::int32_t* nearest,
                        std::int32_t* runner_up) {
  RowTile<T> tile(centroids.columns());
  std::int32_t index[kTileRows<T>], second_index[kTileRows<T>];
  for (std::size_t i = 0; i < n; i += kTileRows<T>) {
    std::size_t const count = std::min(kTileRows<T>, n - i);
    tile.load(rows, nullptr, i, count);
    Prefetch<T> prefetch(rows, nullptr, i + count, n, tile.columns());
    LowestTwo<T> keep[kVectors];
    for (auto& lowest : keep) {
      lowest = {hn::Inf(Tag<T>()), hn::Inf(Tag<T>()), hn::Zero(IndexTag<T>()), hn::Zero(IndexTag<T>())};
    }
    offer_all<Score<T>>(tile, centroids, 0, keep, prefetch);
    for (std::size_t v = 0; v < kVectors; ++v) {
      store_indices<T>(keep[v].index, index + v * kLanes<T>);
      store_indices<T>(keep[v].second_index, second_index + v * kLanes<T>);
    }
    std::copy_n(index, count, nearest + i);
    std::copy_n(second_index, count, runner_up + i);
  }
}
#else
template <class T>
void scan_all(T const* rows, std::uint32_t const* listed, std::size_t n,
              std::span<NearestScan<T> const> models) {
  for (auto const& model : models) {
    std::size_t const d = model.centroids->columns();
    for (std::size_t i = 0; i < n; ++i) {
      std::size_t const row = listed == nullptr ? i : listed[i];
      reference::nearest({rows + row * d, d}, *model.centroids, {model.nearest + i, 1});
      if (model.reach == nullptr) continue;
      model.reach[i] = 0;
      model.radius[i] = std::numeric_limits<float>::infinity();
    }
  }
}

template <class T>
void nearest_two_of_all(T const* rows, std::size_t n, Centroids<T> const& centroids, std::int32_t* nearest,
                        std::int32_t* runner_up) {
  reference::nearest_two({rows, n * centroids.columns()}, centroids, {nearest, n}, {runner_up, n});
}
#endif

void ScanFloat(float const* rows, std::uint32_t const* listed, std::size_t n,
               std::span<NearestScan<float> const> models) {
  scan_all(rows, listed, n, models);
}

void ScanDouble(double const* rows, std::uint32_t const* listed, std::size_t n,
                std::span<NearestScan<double> const> models) {
  scan_all(rows, listed, n, models);
}

void NearestTwoFloat(float const* rows, std::size_t n, Centroids<float> const& centroids,
                     std::int32_t* nearest, std::int32_t* runner_up) {
  nearest_two_of_all(rows, n, centroids, nearest, runner_up);
}

void NearestTwoDouble(double const* rows, std::size_t n, Centroids<double> const& centroids,
                      std::int32_t* nearest, std::int32_t* runner_up) {
  nearest_two_of_all(rows, n, centroids, nearest, runner_up);
}

}  // namespace HWY_NAMESPACE
}  // namespace tessera
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace tessera {

HWY_EXPORT(ScanFloat);
HWY_EXPORT(ScanDouble);
HWY_EXPORT(NearestTwoFloat);
HWY_EXPORT(NearestTwoDouble);

template <>
void scan_nearest(float const* rows, std::uint32_t const* listed, std::size_t count,
                  std::span<NearestScan<float> const> models) {
  HWY_DYNAMIC_DISPATCH(ScanFloat)(rows, listed, count, models);
}

template <>
void scan_nearest(double const* rows, std::uint32_t const* listed, std::size_t count,
                  std::span<NearestScan<double> const> models) {
  HWY_DYNAMIC_DISPATCH(ScanDouble)(rows, listed, count, models);
}

template <class T>
void nearest(ValuesOf<T const> rows, Centroids<T> const& centroids, std::span<std::int32_t> nearest) {
  NearestScan<T> const model{&centroids, nearest.data()};
  scan_nearest<T>(rows.data(), nullptr, nearest.size(), {&model, 1});
}
template void nearest(ValuesOf<float const>, Centroids<float> const&, std::span<std::int32_t>);
template void nearest(ValuesOf<double const>, Centroids<double> const&, std::span<std::int32_t>);

template <>
void nearest_two(ValuesOf<float const> rows, Centroids<float> const& centroids,
                 std::span<std::int32_t> nearest, std::span<std::int32_t> runner_up) {
  HWY_DYNAMIC_DISPATCH(NearestTwoFloat)
  (rows.data(), nearest.size(), centroids, nearest.data(), runner_up.data());
}

template <>
void nearest_two(ValuesOf<double const> rows, Centroids<double> const& centroids,
                 std::span<std::int32_t> nearest, std::span<std::int32_t> runner_up) {
  HWY_DYNAMIC_DISPATCH(NearestTwoDouble)
  (rows.data(), nearest.size(), centroids, nearest.data(), runner_up.data());
}

}  // namespace tessera
#endif
