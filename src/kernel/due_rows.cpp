// SPDX-License-Identifier: Apache-2.0
// Compiled once for every SIMD level, as nearest.cpp is.
#include "tessera/kernel/due_rows.hpp"

#include <algorithm>
#include <limits>

#define HWY_DISABLED_TARGETS (HWY_SVE | HWY_SVE2 | HWY_SVE_256 | HWY_SVE2_128 | HWY_RVV)
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernel/due_rows.cpp"
#include "hwy/foreach_target.h"
//
#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace tessera {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

DueRows ListDueRows(std::int32_t const* segment, float const* deadline, std::size_t n, float const* drift,
                    std::uint32_t first, std::uint32_t* listed) {
  hn::ScalableTag<float> const tag;
  hn::RebindToSigned<decltype(tag)> const signed_tag;
  hn::RebindToUnsigned<decltype(tag)> const index_tag;
  std::size_t const lanes = hn::Lanes(tag);
  auto least = hn::Inf(tag);
  std::size_t count = 0, i = 0;
  for (; i + lanes <= n; i += lanes) {
    auto const moved = hn::GatherIndex(tag, drift, hn::LoadU(signed_tag, segment + i));
    auto const left = hn::Sub(hn::LoadU(tag, deadline + i), moved);
    least = hn::Min(least, left);
    auto const due = hn::Le(left, hn::Zero(tag));
    if (hn::AllFalse(tag, due)) continue;
    auto const index = hn::Iota(index_tag, first + static_cast<std::uint32_t>(i));
    hn::StoreU(hn::Compress(index, hn::RebindMask(index_tag, due)), index_tag, listed + count);
    count += hn::CountTrue(tag, due);
  }
  float slack = hn::GetLane(hn::MinOfLanes(tag, least));
  for (; i < n; ++i) {
    float const left = deadline[i] - drift[segment[i]];
    slack = std::min(slack, left);
    if (left <= 0) listed[count++] = first + static_cast<std::uint32_t>(i);
  }
  return {count, slack};
}

}  // namespace HWY_NAMESPACE
}  // namespace tessera
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace tessera {

HWY_EXPORT(ListDueRows);

DueRows due_rows(std::span<std::int32_t const> segment, std::span<float const> deadline,
                 std::span<float const> drift, std::uint32_t first, std::uint32_t* listed) {
  return HWY_DYNAMIC_DISPATCH(ListDueRows)(segment.data(), deadline.data(), segment.size(), drift.data(),
                                           first, listed);
}

}  // namespace tessera
#endif
