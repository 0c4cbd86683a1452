// SPDX-License-Identifier: Apache-2.0
// A tile of rows, transposed to feature-major so that vectors run across rows and a row's operations stay in
// their order. Included once for every SIMD level.
#if defined(TESSERA_KERNEL_ROW_TILE_INL_H) == defined(HWY_TARGET_TOGGLE)
#ifdef TESSERA_KERNEL_ROW_TILE_INL_H
#undef TESSERA_KERNEL_ROW_TILE_INL_H
#else
#define TESSERA_KERNEL_ROW_TILE_INL_H
#endif

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "hwy/aligned_allocator.h"
#include "hwy/cache_control.h"
#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace tessera {
namespace HWY_NAMESPACE {

// Without a fused multiply-add instruction a vector cannot do what the definition does: the reference runs.
#if HWY_NATIVE_FMA
namespace hn = hwy::HWY_NAMESPACE;

template <class T>
using Tag = hn::ScalableTag<T>;
template <class T>
using Vec = hn::Vec<Tag<T>>;
template <class T>
using IndexTag = hn::RebindToSigned<Tag<T>>;
template <class T>
using Index = hn::TFromD<IndexTag<T>>;
template <class T>
using IndexVec = hn::Vec<IndexTag<T>>;

template <class T>
constexpr std::size_t kLanes = hn::MaxLanes(Tag<T>());
/// Vectors of rows that meet centroids in registers at a time: of AVX2's 16 registers or of the others' 32.
constexpr std::size_t kVectors = HWY_TARGET == HWY_AVX2 ? 2 : 4;
/// Centroids that meet them there at a time.
constexpr std::size_t kCentroids = 5;
template <class T>
constexpr std::size_t kTileRows = kVectors * kLanes<T>;

/// A vector whose 128-bit block b is what stands at blocks[step * b].
template <class D, class T>
HWY_INLINE hn::Vec<D> load_blocks(D tag, T const* const* blocks, std::size_t step, std::size_t offset) {
  constexpr std::size_t kLanesOfBlock = 16 / sizeof(T);
  constexpr std::size_t kBlocks = hn::MaxLanes(tag) / kLanesOfBlock;
  if constexpr (kBlocks == 1) {
    return hn::LoadU(tag, blocks[0] + offset);
  } else if constexpr (kBlocks == 2) {
    hn::Half<D> const half;
    return hn::Combine(tag, hn::LoadU(half, blocks[step] + offset), hn::LoadU(half, blocks[0] + offset));
  } else {
    // Blends of broadcasts run on more units than inserts do.
    static_assert(kBlocks == 4);
    auto const low = hn::IfThenElse(hn::FirstN(tag, kLanesOfBlock), hn::LoadDup128(tag, blocks[0] + offset),
                                    hn::LoadDup128(tag, blocks[step] + offset));
    auto const lower = hn::IfThenElse(hn::FirstN(tag, 2 * kLanesOfBlock), low,
                                    hn::LoadDup128(tag, blocks[2 * step] + offset));
    return hn::IfThenElse(hn::FirstN(tag, 3 * kLanesOfBlock), lower,
                          hn::LoadDup128(tag, blocks[3 * step] + offset));
  }
}

template <class T>
class RowTile {
 public:
  explicit RowTile(std::size_t columns)
      : columns_(columns), values_(hwy::AllocateAligned<T>(columns * kTileRows<T>)) {}

  /// Takes rows first, first + 1, ..., or those listed there: `count` of them, 1 to kTileRows; the last fills
  /// what is left of the tile.
  HWY_INLINE void load(T const* rows, std::uint32_t const* listed, std::size_t first, std::size_t count) {
    if (listed == nullptr && count == kTileRows<T> && columns_ >= kBlock) {
      load_run(rows + first * columns_);
      return;
    }
    T const* row[kTileRows<T>];
    for (std::size_t r = 0; r < kTileRows<T>; ++r) {
      std::size_t const i = first + std::min(r, count - 1);
      row[r] = rows + (listed == nullptr ? i : listed[i]) * columns_;
    }
    load_rows(row);
  }

  /// kLanes rows of one column, the v-th vector of them.
  [[nodiscard]] HWY_INLINE Vec<T> operator()(std::size_t column, std::size_t v) const {
    return hn::Load(Tag<T>(), values_.get() + column * kTileRows<T> + v * kLanes<T>);
  }
  [[nodiscard]] std::size_t columns() const noexcept { return columns_; }

 private:
  static constexpr std::size_t kBlock = 16 / sizeof(T);  // columns transposed at a time
  static constexpr std::size_t kBlocks = kLanes<T> / kBlock;

  /// Row r of a vector stands at block[r / kBlock] + r % kBlock * stride: few addresses, and integer
  /// instructions take no part in the arithmetic units' time.
  HWY_INLINE void load_run(T const* first) {
    for (std::size_t v = 0; v < kTileRows<T>; v += kLanes<T>) {
      T const* block[kBlocks];
      for (std::size_t b = 0; b < kBlocks; ++b) block[b] = first + (v + b * kBlock) * columns_;
      for (std::size_t next = 0; next < columns_; next += kBlock) {
        std::size_t const f = std::min(next, columns_ - kBlock);  // the last may overlap the one before
        Vec<T> row[kBlock];
        T const* at[kBlocks];
        for (std::size_t b = 0; b < kBlocks; ++b) at[b] = block[b] + f;
        for (std::size_t i = 0; i < kBlock; ++i) row[i] = load_blocks(Tag<T>(), at, 1, i * columns_);
        transpose_block(row, values_.get() + f * kTileRows<T> + v);
      }
    }
  }

  HWY_INLINE void load_rows(T const* const (&rows)[kTileRows<T>]) {
    if (columns_ < kBlock) {
      for (std::size_t f = 0; f < columns_; ++f) {
        for (std::size_t r = 0; r < kTileRows<T>; ++r) values_[f * kTileRows<T> + r] = rows[r][f];
      }
      return;
    }
    for (std::size_t v = 0; v < kTileRows<T>; v += kLanes<T>) {
      for (std::size_t next = 0; next < columns_; next += kBlock) {
        std::size_t const f = std::min(next, columns_ - kBlock);
        Vec<T> row[kBlock];
        for (std::size_t i = 0; i < kBlock; ++i) row[i] = load_blocks(Tag<T>(), rows + v + i, kBlock, f);
        transpose_block(row, values_.get() + f * kTileRows<T> + v);
      }
    }
  }

  static HWY_INLINE void transpose_block(Vec<T> const (&row)[kBlock], T* out) {
    Tag<T> const tag;
    if constexpr (kBlock == 2) {
      hn::Store(hn::InterleaveLower(tag, row[0], row[1]), tag, out);
      hn::Store(hn::InterleaveUpper(tag, row[0], row[1]), tag, out + kTileRows<T>);
    } else {
      hn::Repartition<double, Tag<T>> const pairs;
      auto const low01 = hn::BitCast(pairs, hn::InterleaveLower(tag, row[0], row[1]));
      auto const low23 = hn::BitCast(pairs, hn::InterleaveLower(tag, row[2], row[3]));
      auto const high01 = hn::BitCast(pairs, hn::InterleaveUpper(tag, row[0], row[1]));
      auto const high23 = hn::BitCast(pairs, hn::InterleaveUpper(tag, row[2], row[3]));
      hn::Store(hn::BitCast(tag, hn::InterleaveLower(pairs, low01, low23)), tag, out);
      hn::Store(hn::BitCast(tag, hn::InterleaveUpper(pairs, low01, low23)), tag, out + kTileRows<T>);
      hn::Store(hn::BitCast(tag, hn::InterleaveLower(pairs, high01, high23)), tag, out + 2 * kTileRows<T>);
      hn::Store(hn::BitCast(tag, hn::InterleaveUpper(pairs, high01, high23)), tag, out + 3 * kTileRows<T>);
    }
  }

  std::size_t columns_;
  hwy::AlignedFreeUniquePtr<T[]> values_;
};

/// Brings the rows of the next tile into the first cache level, a few at a time while others are worked on.
template <class T>
class Prefetch {
 public:
  /// Of a scan of `n` rows, or of those listed, from the first-th on. Rows that are not listed may lie beyond the
  /// scan: the next one reads them.
  Prefetch(T const* rows, std::uint32_t const* listed, std::size_t first, std::size_t n, std::size_t columns)
      : rows_(rows),
        listed_(listed),
        columns_(columns),
        row_(first),
        last_(listed == nullptr ? first + kTileRows<T> : std::min(n, first + kTileRows<T>)) {}

  HWY_INLINE void next(std::size_t count) {
    std::size_t const end = std::min(last_, row_ + count);
    if (listed_ == nullptr) {
      T const* const end_value = rows_ + end * columns_;
      for (T const* value = rows_ + row_ * columns_; value < end_value; value += kLine) hwy::Prefetch(value);
      row_ = end;
      return;
    }
    for (; row_ < end; ++row_) {
      T const* const row = rows_ + listed_[row_] * columns_;
      for (std::size_t f = 0; f < columns_; f += kLine) hwy::Prefetch(row + f);
      hwy::Prefetch(row + columns_ - 1);
    }
  }

 private:
  static constexpr std::size_t kLine = 64 / sizeof(T);

  T const* rows_;
  std::uint32_t const* listed_;
  std::size_t columns_, row_, last_;
};

/// Of each row of a vector, the lowest value offered and who offered it; of equal values the first.
template <class T>
struct Lowest {
  Vec<T> value;
  IndexVec<T> index;
  HWY_INLINE void offer(Vec<T> offered, IndexVec<T> j) {
    auto const lower = hn::Lt(offered, value);
    value = hn::IfThenElse(lower, offered, value);
    index = hn::IfThenElse(hn::RebindMask(IndexTag<T>(), lower), j, index);
  }
};

/// Offers `Count` centroids from `first` on to every row of the tile.
template <class Measure, std::size_t Count, class T, class Keep>
HWY_INLINE void offer_some(RowTile<T> const& tile, Centroids<T> const& centroids, std::size_t first,
                           std::int32_t first_index, Keep (&keep)[kVectors]) {
  std::size_t const columns = tile.columns();
  T const* const c = centroids.coordinates().data() + first * columns;
  Vec<T> total[Count][kVectors];
  for (std::size_t j = 0; j < Count; ++j) {
    for (std::size_t v = 0; v < kVectors; ++v) total[j][v] = Measure::start(centroids.half_norm()[first + j]);
  }
  for (std::size_t f = 0; f < columns; ++f) {
    Vec<T> x[kVectors];
    for (std::size_t v = 0; v < kVectors; ++v) x[v] = tile(f, v);
    for (std::size_t j = 0; j < Count; ++j) {
      Vec<T> const coordinate = hn::Set(Tag<T>(), c[j * columns + f]);
      for (std::size_t v = 0; v < kVectors; ++v) total[j][v] = Measure::step(total[j][v], x[v], coordinate);
    }
  }
  auto index = hn::Set(IndexTag<T>(), static_cast<Index<T>>(first_index) + static_cast<Index<T>>(first));
  auto const one = hn::Set(IndexTag<T>(), 1);
  for (std::size_t j = 0; j < Count; ++j) {
    for (std::size_t v = 0; v < kVectors; ++v) keep[v].offer(total[j][v], index);
    index = hn::Add(index, one);
  }
}

/// Offers every centroid to every row of the tile, in order, and prefetches on the way.
template <class Measure, class T, class Keep>
HWY_INLINE void offer_all(RowTile<T> const& tile, Centroids<T> const& centroids, std::int32_t first_index,
                          Keep (&keep)[kVectors], Prefetch<T>& prefetch) {
  std::size_t const k = centroids.size();
  std::size_t const groups = (k + kCentroids - 1) / kCentroids;
  std::size_t const rows_ahead = (kTileRows<T> + groups - 1) / groups;
  std::size_t const smaller = k / groups, larger_groups = k % groups;  // even groups keep all units busy
  std::size_t j = 0;
  for (std::size_t group = 0; group < groups; ++group) {
    prefetch.next(rows_ahead);
    std::size_t const count = smaller + (group < larger_groups ? 1 : 0);
    static_assert(kCentroids == 5);
    switch (count) {
      case 1:
        offer_some<Measure, 1>(tile, centroids, j, first_index, keep);
        break;
      case 2:
        offer_some<Measure, 2>(tile, centroids, j, first_index, keep);
        break;
      case 3:
        offer_some<Measure, 3>(tile, centroids, j, first_index, keep);
        break;
      case 4:
        offer_some<Measure, 4>(tile, centroids, j, first_index, keep);
        break;
      default:
        offer_some<Measure, 5>(tile, centroids, j, first_index, keep);
        break;
    }
    j += count;
  }
}

template <class T>
HWY_INLINE void store_indices(IndexVec<T> index, std::int32_t* out) {
  if constexpr (sizeof(T) == 4) {
    hn::StoreU(index, IndexTag<T>(), out);
  } else {
    hn::Rebind<std::int32_t, IndexTag<T>> const narrow;
    hn::RebindToUnsigned<decltype(narrow)> const bits;
    auto const wide = hn::BitCast(hn::RebindToUnsigned<IndexTag<T>>(), index);
    hn::StoreU(hn::BitCast(narrow, hn::TruncateTo(bits, wide)), narrow, out);
  }
}

template <class T>
HWY_INLINE void store_floats(Vec<T> values, float* out) {
  if constexpr (sizeof(T) == 4) {
    hn::StoreU(values, Tag<T>(), out);
  } else {
    hn::Rebind<float, Tag<T>> const narrow;
    hn::StoreU(hn::DemoteTo(narrow, values), narrow, out);
  }
}
#endif

}  // namespace HWY_NAMESPACE
}  // namespace tessera
HWY_AFTER_NAMESPACE();

#endif
