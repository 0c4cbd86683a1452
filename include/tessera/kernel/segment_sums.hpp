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

struct SegmentSums {
  SegmentSums(std::size_t segments, std::size_t columns) : sum(segments * columns), size(segments) {}
  std::vector<std::int64_t> sum;   ///< row-major [segments, columns], in grid steps
  std::vector<std::int64_t> size;  ///< [segments] rows
};

/// Local. Moves each row from segment[i] (kNoSegment: it had none) to target[i] and records that in
/// segment[i]; returns how many rows moved. rows: row-major [n, scale.size()]; scale: grid steps per unit of
/// each column, with |value * scale| < 2^51. Values go to the nearest grid step, ties to even, as
/// FixedPoint::encode does.
std::uint64_t move_rows(std::span<float const> rows, std::span<double const> scale,
                        std::span<std::int32_t const> target, std::span<std::int32_t> segment,
                        SegmentSums& sums);

}  // namespace tessera
