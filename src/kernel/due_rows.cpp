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

/// A deadline is a sum that must not be rounded up.
HWY_INLINE float add_down(float clock, float left) {
  float const sum = clock + left;
  return sum - sum * std::numeric_limits<float>::epsilon();
}

using Floats = hn::CappedTag<float, kDueBlock>;
using Segments = hn::RebindToSigned<Floats>;

/// Clocks looked up in memory.
class ClocksInMemory {
 public:
  explicit ClocksInMemory(std::span<float const> clock) : clock_(clock.data()) {}
  HWY_INLINE hn::Vec<Floats> operator()(hn::Vec<Segments> segment) const {
    return hn::GatherIndex(Floats(), clock_, segment);
  }

 private:
  float const* clock_;
};

/// Few clocks looked up in a vector, several times as fast.
class ClocksInVector {
 public:
  explicit ClocksInVector(std::span<float const> clock) {
    HWY_ALIGN float lanes[hn::MaxLanes(Floats())] = {};
    std::copy(clock.begin(), clock.end(), lanes);
    clock_ = hn::Load(Floats(), lanes);
  }
  [[nodiscard]] static bool suits(std::span<float const> clock) {
    return clock.size() <= hn::Lanes(Floats());
  }
  HWY_INLINE hn::Vec<Floats> operator()(hn::Vec<Segments> segment) const {
    return hn::TableLookupLanes(clock_, hn::IndicesFromVec(Floats(), segment));
  }

 private:
  hn::Vec<Floats> clock_;
};

template <class Clocks>
HWY_INLINE std::size_t list_due(Deadlines const& deadlines, std::span<float const> clock, float fastest,
                                std::uint32_t* listed) {
  Clocks const clocks(clock);
  Floats const tag;
  Segments const signed_tag;
  hn::RebindToUnsigned<Floats> const index_tag;
  std::size_t const lanes = hn::Lanes(tag), n = deadlines.segment.size();
  std::int32_t const* const segment = deadlines.segment.data();
  float const* const deadline = deadlines.row.data();
  std::size_t count = 0;
  for (std::size_t block = 0; block < deadlines.block.size(); ++block) {
    if (fastest < deadlines.block[block]) continue;
    std::size_t const before = count, end = std::min(n, (block + 1) * kDueBlock);
    std::size_t i = block * kDueBlock;
    auto least = hn::Inf(tag);
    for (; i + lanes <= end; i += lanes) {
      auto const left = hn::Sub(hn::LoadU(tag, deadline + i), clocks(hn::LoadU(signed_tag, segment + i)));
      least = hn::Min(least, left);
      auto const due = hn::Not(hn::Gt(left, hn::Zero(tag)));  // also where a sum of moves was too large
      if (hn::AllFalse(tag, due)) continue;
      auto const index = hn::Iota(index_tag, static_cast<std::uint32_t>(i));
      hn::StoreU(hn::Compress(index, hn::RebindMask(index_tag, due)), index_tag, listed + count);
      count += hn::CountTrue(tag, due);
    }
    float slack = hn::GetLane(hn::MinOfLanes(tag, least));
    for (; i < end; ++i) {
      float const left = deadline[i] - clock[static_cast<std::size_t>(segment[i])];
      slack = std::min(slack, left);
      if (!(left > 0)) listed[count++] = static_cast<std::uint32_t>(i);
    }
    deadlines.block[block] = count > before ? 0 : add_down(fastest, slack);  // due: about to change
  }
  return count;
}

std::size_t ListDueRows(Deadlines const& deadlines, std::span<float const> clock, float fastest,
                        std::uint32_t* listed) {
  return ClocksInVector::suits(clock) ? list_due<ClocksInVector>(deadlines, clock, fastest, listed)
                                      : list_due<ClocksInMemory>(deadlines, clock, fastest, listed);
}

}  // namespace HWY_NAMESPACE
}  // namespace tessera
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace tessera {

HWY_EXPORT(ListDueRows);

std::size_t due_rows(Deadlines const& deadlines, std::span<float const> clock, float fastest,
                     std::uint32_t* listed) {
  return HWY_DYNAMIC_DISPATCH(ListDueRows)(deadlines, clock, fastest, listed);
}

}  // namespace tessera
#endif
