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
#include "hwy/cache_control.h"
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

/// Few clocks looked up in two vectors, several times as fast.
class ClocksInVectors {
 public:
  explicit ClocksInVectors(std::span<float const> clock) {
    HWY_ALIGN float lanes[2 * hn::MaxLanes(Floats())] = {};
    std::copy(clock.begin(), clock.end(), lanes);
    first_ = hn::Load(Floats(), lanes);
    second_ = hn::Load(Floats(), lanes + kLanes);
  }
  [[nodiscard]] static bool suits(std::span<float const> clock) { return clock.size() <= 2 * kLanes; }
  HWY_INLINE hn::Vec<Floats> operator()(hn::Vec<Segments> segment) const {
    auto const lanes = hn::Set(Segments(), static_cast<std::int32_t>(kLanes));
    auto const in_first = hn::Lt(segment, lanes);
    auto const lane = hn::IndicesFromVec(Floats(), hn::And(segment, hn::Sub(lanes, hn::Set(Segments(), 1))));
    return hn::IfThenElse(hn::RebindMask(Floats(), in_first), hn::TableLookupLanes(first_, lane),
                          hn::TableLookupLanes(second_, lane));
  }

 private:
  static constexpr std::size_t kLanes = hn::MaxLanes(Floats());
  hn::Vec<Floats> first_, second_;
};

/// Lists the blocks that may hold rows that are due, from `first` on, up to `last`.
HWY_INLINE std::size_t list_blocks(std::span<float const> deadline, std::size_t first, std::size_t last,
                                   float fastest, std::uint32_t* listed) {
  Floats const tag;
  hn::RebindToUnsigned<Floats> const index_tag;
  std::size_t const lanes = hn::Lanes(tag);
  auto const now = hn::Set(tag, fastest);
  std::size_t count = 0, block = first;
  for (; block + lanes <= last; block += lanes) {
    auto const passed = hn::Not(hn::Gt(hn::LoadU(tag, deadline.data() + block), now));
    auto const index = hn::Iota(index_tag, static_cast<std::uint32_t>(block));
    hn::StoreU(hn::Compress(index, hn::RebindMask(index_tag, passed)), index_tag, listed + count);
    count += hn::CountTrue(tag, passed);
  }
  for (; block < last; ++block) {
    listed[count] = static_cast<std::uint32_t>(block);
    count += deadline[block] > fastest ? 0 : 1;
  }
  return count;
}

/// Lists the rows of one block that are due, and sets its deadline.
template <class Clocks>
HWY_INLINE std::size_t list_rows(Deadlines const& deadlines, Clocks const& clocks,
                                 std::span<float const> clock, float fastest, std::size_t block,
                                 std::uint32_t* listed) {
  Floats const tag;
  Segments const signed_tag;
  hn::RebindToUnsigned<Floats> const index_tag;
  std::int32_t const* const segment = deadlines.segment.data();
  float const* const deadline = deadlines.row.data();
  std::size_t const lanes = hn::Lanes(tag);
  std::size_t const end = std::min(deadlines.segment.size(), (block + 1) * kDueBlock);
  std::size_t count = 0, i = block * kDueBlock;
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
  float slack = std::numeric_limits<float>::infinity();
  for (; i < end; ++i) {
    float const left = deadline[i] - clock[static_cast<std::size_t>(segment[i])];
    slack = std::min(slack, left);
    if (!(left > 0)) listed[count++] = static_cast<std::uint32_t>(i);
  }
  if (count > 0) {
    deadlines.block[block] = 0;  // their deadlines are about to change
  } else {
    deadlines.block[block] = add_down(fastest, std::min(slack, hn::GetLane(hn::MinOfLanes(tag, least))));
  }
  return count;
}

template <class Clocks>
HWY_INLINE std::size_t list_due(Deadlines const& deadlines, std::span<float const> clock, float fastest,
                                std::uint32_t* listed) {
  constexpr std::size_t kBlocks = 1024, kAhead = 12;
  Clocks const clocks(clock);
  std::uint32_t blocks[kBlocks + kDuePadding];
  std::size_t count = 0;
  for (std::size_t first = 0; first < deadlines.block.size(); first += kBlocks) {
    std::size_t const last = std::min(deadlines.block.size(), first + kBlocks);
    std::size_t const found = list_blocks(deadlines.block, first, last, fastest, blocks);
    for (std::size_t i = 0; i < found; ++i) {
      std::size_t const ahead = blocks[std::min(found - 1, i + kAhead)] * kDueBlock;
      hwy::Prefetch(deadlines.segment.data() + ahead);
      hwy::Prefetch(deadlines.row.data() + ahead);
      count += list_rows(deadlines, clocks, clock, fastest, blocks[i], listed + count);
    }
  }
  return count;
}

std::size_t ListDueRows(Deadlines const& deadlines, std::span<float const> clock, float fastest,
                        std::uint32_t* listed) {
  return ClocksInVectors::suits(clock) ? list_due<ClocksInVectors>(deadlines, clock, fastest, listed)
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
