// SPDX-License-Identifier: Apache-2.0
// Compiled once for every SIMD level (Highway's foreach_target); `tessera::nearest` and its sisters pick one
// at run time. Vectors run across rows: a tile of rows is transposed into a feature-major buffer that stays
// in the first cache level, and a few vectors of rows meet a few centroids in registers.
#include "tessera/kernel/nearest.hpp"

#include <algorithm>
#include <cstddef>

// Arrays of vectors need vectors of a known size. ARM machines with SVE use NEON here.
#define HWY_DISABLED_TARGETS (HWY_SVE | HWY_SVE2 | HWY_SVE_256 | HWY_SVE2_128 | HWY_RVV)
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernel/nearest.cpp"
#include "hwy/foreach_target.h"
//
#include "hwy/aligned_allocator.h"
#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace tessera {
namespace HWY_NAMESPACE {

// Without a fused multiply-add instruction a vector cannot do what the definition does, and the reference
// runs.
#if HWY_NATIVE_FMA
namespace hn = hwy::HWY_NAMESPACE;

using FloatTag = hn::ScalableTag<float>;
using IndexTag = hn::RebindToSigned<FloatTag>;
using Floats = hn::Vec<FloatTag>;
using Indices = hn::Vec<IndexTag>;

constexpr std::size_t kLanes = hn::MaxLanes(FloatTag());
// Vectors of rows and centroids in registers at a time: 8 of AVX2's 16 registers, 16 of 32 elsewhere, are
// totals.
constexpr std::size_t kVectors = HWY_TARGET == HWY_AVX2 ? 2 : 4;
constexpr std::size_t kCentroids = 4;
constexpr std::size_t kTileRows = kVectors * kLanes;

struct Score {
  static HWY_INLINE Floats start(float half_norm) { return hn::Set(FloatTag(), half_norm); }
  static HWY_INLINE Floats step(Floats total, Floats x, Floats c) { return hn::NegMulAdd(x, c, total); }
};

struct SquaredDistance {
  static HWY_INLINE Floats start(float) { return hn::Zero(FloatTag()); }
  static HWY_INLINE Floats step(Floats total, Floats x, Floats c) {
    Floats const difference = hn::Sub(x, c);
    return hn::MulAdd(difference, difference, total);
  }
};

struct Lowest {
  Floats value;
  Indices index;
  HWY_INLINE void offer(Floats offered, Indices j) {
    auto const lower = hn::Lt(offered, value);
    value = hn::IfThenElse(lower, offered, value);
    index = hn::IfThenElse(hn::RebindMask(IndexTag(), lower), j, index);
  }
};

struct LowestTwo {
  Floats value, second_value;
  Indices index, second_index;
  HWY_INLINE void offer(Floats offered, Indices j) {
    IndexTag const i;
    auto const lower = hn::Lt(offered, value);
    auto const second = hn::Lt(offered, second_value);
    second_value = hn::IfThenElse(lower, value, hn::IfThenElse(second, offered, second_value));
    second_index = hn::IfThenElse(hn::RebindMask(i, lower), index,
                                  hn::IfThenElse(hn::RebindMask(i, second), j, second_index));
    value = hn::IfThenElse(lower, offered, value);
    index = hn::IfThenElse(hn::RebindMask(i, lower), j, index);
  }
};

/// A vector whose 128-bit block b holds four features of row 4b.
template <class Tag>
HWY_INLINE hn::Vec<Tag> load_blocks(Tag tag, float const* row, std::size_t columns) {
  if constexpr (hn::MaxLanes(tag) == 4) {
    return hn::LoadU(tag, row);
  } else {
    hn::Half<Tag> const half;
    float const* const upper = row + hn::MaxLanes(half) * columns;
    return hn::Combine(tag, load_blocks(half, upper, columns), load_blocks(half, row, columns));
  }
}

/// tile: feature-major [columns, kTileRows].
HWY_INLINE void transpose(float const* rows, std::size_t count, std::size_t columns, float* tile) {
  FloatTag const tag;
  if (count < kTileRows || columns < 4) {
    for (std::size_t r = 0; r < count; ++r) {
      for (std::size_t f = 0; f < columns; ++f) tile[f * kTileRows + r] = rows[r * columns + f];
    }
    return;
  }
  for (std::size_t v = 0; v < kTileRows; v += kLanes) {
    float const* const first = rows + v * columns;
    for (std::size_t next = 0; next < columns; next += 4) {
      std::size_t const f = std::min(next, columns - 4);  // the last group may overlap the one before
      auto const row0 = load_blocks(tag, first + f, columns);
      auto const row1 = load_blocks(tag, first + columns + f, columns);
      auto const row2 = load_blocks(tag, first + 2 * columns + f, columns);
      auto const row3 = load_blocks(tag, first + 3 * columns + f, columns);
      hn::Repartition<double, FloatTag> const pairs;
      auto const low01 = hn::BitCast(pairs, hn::InterleaveLower(tag, row0, row1));
      auto const low23 = hn::BitCast(pairs, hn::InterleaveLower(tag, row2, row3));
      auto const high01 = hn::BitCast(pairs, hn::InterleaveUpper(tag, row0, row1));
      auto const high23 = hn::BitCast(pairs, hn::InterleaveUpper(tag, row2, row3));
      float* const out = tile + f * kTileRows + v;
      hn::Store(hn::BitCast(tag, hn::InterleaveLower(pairs, low01, low23)), tag, out);
      hn::Store(hn::BitCast(tag, hn::InterleaveUpper(pairs, low01, low23)), tag, out + kTileRows);
      hn::Store(hn::BitCast(tag, hn::InterleaveLower(pairs, high01, high23)), tag, out + 2 * kTileRows);
      hn::Store(hn::BitCast(tag, hn::InterleaveUpper(pairs, high01, high23)), tag, out + 3 * kTileRows);
    }
  }
}

/// Offers `Count` centroids from `first` on to every row of the tile.
template <class Measure, std::size_t Count, class Keep>
HWY_INLINE void offer_some(float const* tile, Centroids const& centroids, std::size_t first,
                           std::int32_t first_index, Keep (&keep)[kVectors]) {
  FloatTag const tag;
  std::size_t const columns = centroids.columns();
  float const* const c = centroids.coordinates().data() + first * columns;
  Floats total[Count][kVectors];
  for (std::size_t j = 0; j < Count; ++j) {
    for (std::size_t v = 0; v < kVectors; ++v) total[j][v] = Measure::start(centroids.half_norm()[first + j]);
  }
  for (std::size_t f = 0; f < columns; ++f) {
    Floats x[kVectors];
    for (std::size_t v = 0; v < kVectors; ++v) x[v] = hn::Load(tag, tile + f * kTileRows + v * kLanes);
    for (std::size_t j = 0; j < Count; ++j) {
      Floats const coordinate = hn::Set(tag, c[j * columns + f]);
      for (std::size_t v = 0; v < kVectors; ++v) total[j][v] = Measure::step(total[j][v], x[v], coordinate);
    }
  }
  for (std::size_t j = 0; j < Count; ++j) {
    Indices const index = hn::Set(IndexTag(), first_index + static_cast<std::int32_t>(first + j));
    for (std::size_t v = 0; v < kVectors; ++v) keep[v].offer(total[j][v], index);
  }
}

template <class Measure, class Keep>
HWY_INLINE void offer_all(float const* tile, Centroids const& centroids, std::int32_t first_index,
                          Keep (&keep)[kVectors]) {
  std::size_t j = 0;
  for (; j + kCentroids <= centroids.size(); j += kCentroids) {
    offer_some<Measure, kCentroids>(tile, centroids, j, first_index, keep);
  }
  static_assert(kCentroids == 4);
  switch (centroids.size() - j) {
    case 3:
      offer_some<Measure, 3>(tile, centroids, j, first_index, keep);
      break;
    case 2:
      offer_some<Measure, 2>(tile, centroids, j, first_index, keep);
      break;
    case 1:
      offer_some<Measure, 1>(tile, centroids, j, first_index, keep);
      break;
    default:
      break;
  }
}

hwy::AlignedFreeUniquePtr<float[]> make_tile(std::size_t columns) {
  auto tile = hwy::AllocateAligned<float>(columns * kTileRows);
  std::fill_n(tile.get(), columns * kTileRows, 0.0F);  // a short tile computes on all its lanes
  return tile;
}

void Nearest(float const* rows, std::size_t n, Centroids const& centroids, std::int32_t* nearest) {
  auto const tile = make_tile(centroids.columns());
  HWY_ALIGN std::int32_t index[kTileRows];
  for (std::size_t i = 0; i < n; i += kTileRows) {
    std::size_t const count = std::min(kTileRows, n - i);
    transpose(rows + i * centroids.columns(), count, centroids.columns(), tile.get());
    Lowest keep[kVectors];
    for (auto& lowest : keep) lowest = {hn::Inf(FloatTag()), hn::Zero(IndexTag())};
    offer_all<Score>(tile.get(), centroids, 0, keep);
    for (std::size_t v = 0; v < kVectors; ++v) hn::Store(keep[v].index, IndexTag(), index + v * kLanes);
    std::copy_n(index, count, nearest + i);
  }
}

void NearestTwo(float const* rows, std::size_t n, Centroids const& centroids, std::int32_t* nearest,
                std::int32_t* runner_up) {
  auto const tile = make_tile(centroids.columns());
  HWY_ALIGN std::int32_t index[kTileRows], second_index[kTileRows];
  for (std::size_t i = 0; i < n; i += kTileRows) {
    std::size_t const count = std::min(kTileRows, n - i);
    transpose(rows + i * centroids.columns(), count, centroids.columns(), tile.get());
    LowestTwo keep[kVectors];
    for (auto& lowest : keep) {
      lowest = {hn::Inf(FloatTag()), hn::Inf(FloatTag()), hn::Zero(IndexTag()), hn::Zero(IndexTag())};
    }
    offer_all<Score>(tile.get(), centroids, 0, keep);
    for (std::size_t v = 0; v < kVectors; ++v) {
      hn::Store(keep[v].index, IndexTag(), index + v * kLanes);
      hn::Store(keep[v].second_index, IndexTag(), second_index + v * kLanes);
    }
    std::copy_n(index, count, nearest + i);
    std::copy_n(second_index, count, runner_up + i);
  }
}

void LowerSquaredDistances(float const* rows, std::size_t n, Centroids const& centroids,
                           float* squared_distance, std::int32_t* nearest, std::int32_t first_index) {
  auto const tile = make_tile(centroids.columns());
  HWY_ALIGN float value[kTileRows] = {};
  HWY_ALIGN std::int32_t index[kTileRows] = {};
  for (std::size_t i = 0; i < n; i += kTileRows) {
    std::size_t const count = std::min(kTileRows, n - i);
    transpose(rows + i * centroids.columns(), count, centroids.columns(), tile.get());
    std::copy_n(squared_distance + i, count, value);
    if (nearest != nullptr) std::copy_n(nearest + i, count, index);
    Lowest keep[kVectors];
    for (std::size_t v = 0; v < kVectors; ++v) {
      keep[v] = {hn::Load(FloatTag(), value + v * kLanes), hn::Load(IndexTag(), index + v * kLanes)};
    }
    offer_all<SquaredDistance>(tile.get(), centroids, first_index, keep);
    for (std::size_t v = 0; v < kVectors; ++v) {
      hn::Store(keep[v].value, FloatTag(), value + v * kLanes);
      hn::Store(keep[v].index, IndexTag(), index + v * kLanes);
    }
    std::copy_n(value, count, squared_distance + i);
    if (nearest != nullptr) std::copy_n(index, count, nearest + i);
  }
}

#else

void Nearest(float const* rows, std::size_t n, Centroids const& centroids, std::int32_t* nearest) {
  reference::nearest({rows, n * centroids.columns()}, centroids, {nearest, n});
}

void NearestTwo(float const* rows, std::size_t n, Centroids const& centroids, std::int32_t* nearest,
                std::int32_t* runner_up) {
  reference::nearest_two({rows, n * centroids.columns()}, centroids, {nearest, n}, {runner_up, n});
}

void LowerSquaredDistances(float const* rows, std::size_t n, Centroids const& centroids,
                           float* squared_distance, std::int32_t* nearest, std::int32_t first_index) {
  reference::lower_squared_distances({rows, n * centroids.columns()}, centroids, {squared_distance, n},
                                     {nearest, nearest == nullptr ? 0 : n}, first_index);
}

#endif

}  // namespace HWY_NAMESPACE
}  // namespace tessera
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace tessera {

HWY_EXPORT(Nearest);
HWY_EXPORT(NearestTwo);
HWY_EXPORT(LowerSquaredDistances);

void nearest(std::span<float const> rows, Centroids const& centroids, std::span<std::int32_t> nearest) {
  HWY_DYNAMIC_DISPATCH(Nearest)(rows.data(), nearest.size(), centroids, nearest.data());
}

void nearest_two(std::span<float const> rows, Centroids const& centroids, std::span<std::int32_t> nearest,
                 std::span<std::int32_t> runner_up) {
  HWY_DYNAMIC_DISPATCH(NearestTwo)(rows.data(), nearest.size(), centroids, nearest.data(), runner_up.data());
}

void lower_squared_distances(std::span<float const> rows, Centroids const& centroids,
                             std::span<float> squared_distance, std::span<std::int32_t> nearest,
                             std::int32_t first_index) {
  HWY_DYNAMIC_DISPATCH(LowerSquaredDistances)
  (rows.data(), squared_distance.size(), centroids, squared_distance.data(),
   nearest.empty() ? nullptr : nearest.data(), first_index);
}

}  // namespace tessera
#endif
