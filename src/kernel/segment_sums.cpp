// SPDX-License-Identifier: Apache-2.0
// Compiled once for every SIMD level, as nearest.cpp is.
#include "tessera/kernel/segment_sums.hpp"

#include <algorithm>

#define HWY_DISABLED_TARGETS (HWY_SVE | HWY_SVE2 | HWY_SVE_256 | HWY_SVE2_128 | HWY_RVV)
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernel/segment_sums.cpp"
#include "hwy/foreach_target.h"
//
#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace tessera {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

template <class Tag>
HWY_INLINE hn::Vec<Tag> load_as_double(Tag tag, double const* in) {
  return hn::LoadU(tag, in);
}

template <class Tag>
HWY_INLINE hn::Vec<Tag> load_as_double(Tag tag, float const* in) {
  return hn::PromoteTo(tag, hn::LoadU(hn::Rebind<float, Tag>(), in));
}

/// std::llrint for |value| < 2^51: in [2^52, 2^53) the steps of a double are 1, so adding 1.5 * 2^52 rounds
/// to an integer, and the bits differ by that integer.
template <class Tag>
HWY_INLINE hn::Vec<hn::RebindToSigned<Tag>> round_to_integer(Tag tag, hn::Vec<Tag> value) {
  auto const unit_steps = hn::Set(tag, 0x1.8p52);
  hn::RebindToSigned<Tag> const integers;
  return hn::Sub(hn::BitCast(integers, hn::Add(value, unit_steps)), hn::BitCast(integers, unit_steps));
}

enum class Sign { plus, minus };

template <Sign sign, class Tag, class T>
HWY_INLINE void add_values(Tag tag, T const* x, double const* scale, double weight, std::int64_t* sum) {
  hn::RebindToSigned<Tag> const integers;
  auto const value = hn::Mul(hn::Mul(load_as_double(tag, x), hn::Set(tag, weight)), hn::LoadU(tag, scale));
  auto const steps = round_to_integer(tag, value);
  auto const before = hn::LoadU(integers, sum);
  hn::StoreU(sign == Sign::plus ? hn::Add(before, steps) : hn::Sub(before, steps), integers, sum);
}

/// Adds or subtracts a row.
template <Sign sign, class T>
HWY_INLINE void add_row(SummedRows<T> const& rows, std::size_t row, std::size_t segment, SegmentSums& sums) {
  hn::ScalableTag<double> const tag;
  std::size_t const d = rows.scale.size();
  T const* const x = rows.values + row * d;
  std::int64_t* const sum = sums.sum.data() + segment * d;
  double const* const scale = rows.scale.data();
  double const weight = rows.weight == nullptr ? 1.0 : static_cast<double>(rows.weight[row]);
  constexpr std::int64_t kOne = sign == Sign::plus ? 1 : -1;
  sums.size[segment] += kOne;
  if (rows.weight != nullptr) {
    hn::CappedTag<double, 1> const one;
    auto const steps = round_to_integer(one, hn::Set(one, weight * rows.weight_scale));
    sums.weight[segment] += kOne * hn::GetLane(steps);
  }
  std::size_t f = 0;
  for (; f + hn::Lanes(tag) <= d; f += hn::Lanes(tag)) {
    add_values<sign>(tag, x + f, scale + f, weight, sum + f);
  }
  for (hn::CappedTag<double, 4> const four; f + hn::Lanes(four) <= d; f += hn::Lanes(four)) {
    add_values<sign>(four, x + f, scale + f, weight, sum + f);
  }
  for (hn::CappedTag<double, 1> const one; f < d; ++f) {
    add_values<sign>(one, x + f, scale + f, weight, sum + f);
  }
}

template <class T>
HWY_INLINE void move_row(SummedRows<T> const& rows, std::size_t row, std::int32_t target,
                         std::int32_t* segment, SegmentSums& sums) {
  add_row<Sign::plus>(rows, row, static_cast<std::size_t>(target), sums);
  if (segment[row] != kNoSegment) {
    add_row<Sign::minus>(rows, row, static_cast<std::size_t>(segment[row]), sums);
  }
  segment[row] = target;
}

template <class T>
HWY_INLINE std::uint64_t move_listed(SummedRows<T> const& rows, std::uint32_t const* listed,
                                     std::span<std::int32_t const> target, std::int32_t* segment,
                                     SegmentSums& sums) {
  std::uint64_t moved = 0;
  for (std::size_t i = 0; i < target.size(); ++i) {
    if (target[i] == segment[listed[i]]) continue;
    move_row(rows, listed[i], target[i], segment, sums);
    ++moved;
  }
  return moved;
}

/// Most rows stay where they are: looks at a vector of them at a time.
template <class T>
HWY_INLINE std::uint64_t move_all(SummedRows<T> const& rows, std::span<std::int32_t const> target,
                                  std::int32_t* segment, SegmentSums& sums) {
  hn::ScalableTag<std::int32_t> const tag;
  std::size_t const lanes = hn::Lanes(tag), n = target.size();
  std::uint64_t moved = 0;
  for (std::size_t first = 0; first < n; first += lanes) {
    bool const whole = first + lanes <= n;
    if (whole &&
        hn::AllTrue(tag, hn::Eq(hn::LoadU(tag, target.data() + first), hn::LoadU(tag, segment + first)))) {
      continue;
    }
    for (std::size_t i = first; i < std::min(n, first + lanes); ++i) {
      if (target[i] == segment[i]) continue;
      move_row(rows, i, target[i], segment, sums);
      ++moved;
    }
  }
  return moved;
}

template <class T>
HWY_INLINE std::uint64_t move_any(SummedRows<T> const& rows, std::uint32_t const* listed,
                                  std::span<std::int32_t const> target, std::int32_t* segment,
                                  SegmentSums& sums) {
  return listed == nullptr ? move_all(rows, target, segment, sums)
                           : move_listed(rows, listed, target, segment, sums);
}

std::uint64_t MoveFloats(SummedRows<float> const& rows, std::uint32_t const* listed,
                         std::span<std::int32_t const> target, std::int32_t* segment, SegmentSums& sums) {
  return move_any(rows, listed, target, segment, sums);
}

std::uint64_t MoveDoubles(SummedRows<double> const& rows, std::uint32_t const* listed,
                          std::span<std::int32_t const> target, std::int32_t* segment, SegmentSums& sums) {
  return move_any(rows, listed, target, segment, sums);
}

}  // namespace HWY_NAMESPACE
}  // namespace tessera
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace tessera {

HWY_EXPORT(MoveFloats);
HWY_EXPORT(MoveDoubles);

template <>
std::uint64_t move_rows(SummedRows<float> const& rows, std::uint32_t const* listed,
                        std::span<std::int32_t const> target, std::int32_t* segment, SegmentSums& sums) {
  return HWY_DYNAMIC_DISPATCH(MoveFloats)(rows, listed, target, segment, sums);
}

template <>
std::uint64_t move_rows(SummedRows<double> const& rows, std::uint32_t const* listed,
                        std::span<std::int32_t const> target, std::int32_t* segment, SegmentSums& sums) {
  return HWY_DYNAMIC_DISPATCH(MoveDoubles)(rows, listed, target, segment, sums);
}

}  // namespace tessera
#endif
