// SPDX-License-Identifier: Apache-2.0
#include "tessera/kernel/segment_sums.hpp"

#include <bit>

namespace tessera {

namespace {

/// std::llrint for |value| < 2^51, in instructions that vectorise: in [2^52, 2^53) the steps of a double are
/// 1, so adding 1.5 * 2^52 rounds to an integer, and the bits differ by that integer.
inline std::int64_t round_to_integer(double value) noexcept {
  constexpr double kUnitSteps = 0x1.8p52;
  return std::bit_cast<std::int64_t>(value + kUnitSteps) - std::bit_cast<std::int64_t>(kUnitSteps);
}

/// Adds `sign` times a row to a segment.
template <class T>
void add_row(SummedRows<T> const& rows, std::size_t row, std::int64_t sign, std::size_t segment,
             SegmentSums& sums) {
  std::size_t const d = rows.scale.size();
  T const* const x = rows.values + row * d;
  std::int64_t* __restrict const sum = sums.sum.data() + segment * d;
  sums.size[segment] += sign;
  if (rows.weight == nullptr) {
    for (std::size_t f = 0; f < d; ++f) {
      sum[f] += sign * round_to_integer(static_cast<double>(x[f]) * rows.scale[f]);
    }
    return;
  }
  auto const weight = static_cast<double>(rows.weight[row]);
  sums.weight[segment] += sign * round_to_integer(weight * rows.weight_scale);
  for (std::size_t f = 0; f < d; ++f) {
    sum[f] += sign * round_to_integer(weight * static_cast<double>(x[f]) * rows.scale[f]);
  }
}

}  // namespace

template <class T>
std::uint64_t move_rows(SummedRows<T> const& rows, std::uint32_t const* listed,
                        std::span<std::int32_t const> target, std::int32_t* segment, SegmentSums& sums) {
  std::uint64_t moved = 0;
  for (std::size_t i = 0; i < target.size(); ++i) {
    std::size_t const row = listed == nullptr ? i : listed[i];
    if (target[i] == segment[row]) continue;
    ++moved;
    add_row(rows, row, 1, static_cast<std::size_t>(target[i]), sums);
    if (segment[row] != kNoSegment) add_row(rows, row, -1, static_cast<std::size_t>(segment[row]), sums);
    segment[row] = target[i];
  }
  return moved;
}

template std::uint64_t move_rows(SummedRows<float> const&, std::uint32_t const*, std::span<std::int32_t const>,
                                 std::int32_t*, SegmentSums&);
template std::uint64_t move_rows(SummedRows<double> const&, std::uint32_t const*,
                                 std::span<std::int32_t const>, std::int32_t*, SegmentSums&);

}  // namespace tessera
