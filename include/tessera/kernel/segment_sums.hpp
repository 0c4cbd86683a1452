// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

/// Sums of the rows of each segment in fixed point. Integer addition has no rounding, so rows may be moved
/// between segments for ever without drift, and an iteration touches only the rows that moved.
namespace tessera {

inline constexpr std::int32_t kNoSegment = -1;

/// Rows, and the grids that they are summed on.
template <class T>
struct SummedRows {
  T const* values;                ///< row-major [n, scale.size()]
  std::span<double const> scale;  ///< grid steps per unit of each column, |weight * value * scale| < 2^51
  T const* weight = nullptr;      ///< [n], or null: every row weighs 1
  double weight_scale = 1;        ///< grid steps per unit of weight, weight * weight_scale < 2^51
};

struct SegmentSums {
  SegmentSums(std::size_t segments, std::size_t columns)
      : sum(segments * columns), size(segments), weight(segments) {}
  std::vector<std::int64_t> sum;     ///< row-major [segments, columns], in grid steps
  std::vector<std::int64_t> size;    ///< [segments] rows
  std::vector<std::int64_t> weight;  ///< [segments] in grid steps; of rows without weights, left at zero
};

/// Local. Moves row listed[i], or row i where `listed` is null, from the segment that `segment` has for it
/// (kNoSegment: none) to target[i], and records that there; returns how many rows moved. Values go to the
/// nearest grid step, ties to even, as FixedPoint::encode does.
template <class T>
std::uint64_t move_rows(SummedRows<T> const& rows, std::uint32_t const* listed,
                        std::span<std::int32_t const> target, std::int32_t* segment, SegmentSums& sums);

}  // namespace tessera
