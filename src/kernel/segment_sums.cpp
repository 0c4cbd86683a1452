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

}  // namespace

std::uint64_t move_rows(std::span<float const> rows, std::span<double const> scale,
                        std::span<std::int32_t const> target, std::span<std::int32_t> segment,
                        SegmentSums& sums) {
  std::size_t const d = scale.size();
  std::uint64_t moved = 0;
  for (std::size_t i = 0; i < target.size(); ++i) {
    if (target[i] == segment[i]) continue;
    ++moved;
    float const* const row = rows.data() + i * d;
    auto const to = static_cast<std::size_t>(target[i]);
    std::int64_t* __restrict const gains = sums.sum.data() + to * d;
    ++sums.size[to];
    for (std::size_t f = 0; f < d; ++f) gains[f] += round_to_integer(static_cast<double>(row[f]) * scale[f]);
    if (segment[i] != kNoSegment) {
      auto const from = static_cast<std::size_t>(segment[i]);
      std::int64_t* __restrict const loses = sums.sum.data() + from * d;
      --sums.size[from];
      for (std::size_t f = 0; f < d; ++f)
        loses[f] -= round_to_integer(static_cast<double>(row[f]) * scale[f]);
    }
    segment[i] = target[i];
  }
  return moved;
}

}  // namespace tessera
