// SPDX-License-Identifier: Apache-2.0
#include "tessera/kernel/bitset.hpp"

#include <algorithm>
#include <bit>

#define HWY_WANT_AVX3_DL 1  // counts bits by an instruction of its own
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "../src/kernel/bitset.cpp"  // as seen from include/, where the layer's headers are
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace tessera::kernel::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;
using Words = hn::CappedTag<std::uint64_t, kColumnWords>;

HWY_INLINE std::int64_t sum(hn::VFromD<Words> lanes) {
  return static_cast<std::int64_t>(hn::GetLane(hn::SumOfLanes(Words(), lanes)));
}

void IntersectionCounts(std::uint64_t const* HWY_RESTRICT column, std::size_t words,
                        std::uint64_t const* HWY_RESTRICT others, std::size_t columns,
                        std::int64_t* HWY_RESTRICT counts) {
  Words const d;
  std::size_t const step = hn::Lanes(d);
  std::size_t i = 0;
  // Four columns at once share the loads of `column` and hide the latency of the additions.
  for (; i + 4 <= columns; i += 4) {
    std::uint64_t const* const other = others + i * words;
    auto sum0 = hn::Zero(d), sum1 = hn::Zero(d), sum2 = hn::Zero(d), sum3 = hn::Zero(d);
    for (std::size_t w = 0; w < words; w += step) {
      auto const a = hn::LoadU(d, column + w);
      sum0 = hn::Add(sum0, hn::PopulationCount(hn::And(a, hn::LoadU(d, other + w))));
      sum1 = hn::Add(sum1, hn::PopulationCount(hn::And(a, hn::LoadU(d, other + words + w))));
      sum2 = hn::Add(sum2, hn::PopulationCount(hn::And(a, hn::LoadU(d, other + 2 * words + w))));
      sum3 = hn::Add(sum3, hn::PopulationCount(hn::And(a, hn::LoadU(d, other + 3 * words + w))));
    }
    counts[i] = sum(sum0);
    counts[i + 1] = sum(sum1);
    counts[i + 2] = sum(sum2);
    counts[i + 3] = sum(sum3);
  }
  for (; i < columns; ++i) {
    std::uint64_t const* const other = others + i * words;
    auto total = hn::Zero(d);
    for (std::size_t w = 0; w < words; w += step) {
      total = hn::Add(total, hn::PopulationCount(hn::And(hn::LoadU(d, column + w), hn::LoadU(d, other + w))));
    }
    counts[i] = sum(total);
  }
}

void Intersect(std::uint64_t const* HWY_RESTRICT a, std::uint64_t const* HWY_RESTRICT b,
               std::uint64_t* HWY_RESTRICT out, std::size_t words) {
  Words const d;
  for (std::size_t w = 0; w < words; w += hn::Lanes(d)) {
    hn::StoreU(hn::And(hn::LoadU(d, a + w), hn::LoadU(d, b + w)), d, out + w);
  }
}

/// The bits of `value` under `mask`, moved to the low end.
HWY_INLINE std::uint64_t gather_bits(std::uint64_t value, std::uint64_t mask) {
#if HWY_ARCH_X86_64 && HWY_TARGET <= HWY_AVX2
  return _pext_u64(value, mask);
#else
  std::uint64_t gathered = 0;
  for (unsigned i = 0; mask != 0; ++i, mask &= mask - 1) {
    gathered |= ((value >> std::countr_zero(mask)) & 1U) << i;
  }
  return gathered;
#endif
}

std::size_t Compact(std::uint64_t const* HWY_RESTRICT mask, std::uint64_t const* HWY_RESTRICT column,
                    std::size_t words, std::uint64_t* HWY_RESTRICT out, std::size_t out_words) {
  for (std::size_t w = 0; w < out_words; ++w) out[w] = 0;
  std::size_t rows = 0;
  for (std::size_t w = 0; w < words; ++w) {
    if (mask[w] == 0) continue;
    std::uint64_t const bits = gather_bits(column[w], mask[w]);
    std::size_t const shift = rows % 64;
    auto const length = static_cast<std::size_t>(std::popcount(mask[w]));
    out[rows / 64] |= bits << shift;
    if (shift + length > 64) out[rows / 64 + 1] |= bits >> (64 - shift);
    rows += length;
  }
  return rows;
}

}  // namespace tessera::kernel::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace tessera::kernel {

HWY_EXPORT(IntersectionCounts);
HWY_EXPORT(Intersect);
HWY_EXPORT(Compact);

void intersection_counts(std::span<std::uint64_t const> column, std::span<std::uint64_t const> others,
                         std::span<std::int64_t> counts) {
  HWY_DYNAMIC_DISPATCH(IntersectionCounts)
  (column.data(), column.size(), others.data(), counts.size(), counts.data());
}

void intersect(std::span<std::uint64_t const> a, std::span<std::uint64_t const> b,
               std::span<std::uint64_t> out) {
  HWY_DYNAMIC_DISPATCH(Intersect)(a.data(), b.data(), out.data(), out.size());
}

std::size_t compact(std::span<std::uint64_t const> mask, std::span<std::uint64_t const> column,
                    std::span<std::uint64_t> out) {
  return HWY_DYNAMIC_DISPATCH(Compact)(mask.data(), column.data(), mask.size(), out.data(), out.size());
}

std::size_t count(std::span<std::uint64_t const> column) {
  std::int64_t rows = 0;
  intersection_counts(column, column, std::span(&rows, 1));
  return static_cast<std::size_t>(rows);
}

namespace reference {

void intersection_counts(std::span<std::uint64_t const> column, std::span<std::uint64_t const> others,
                         std::span<std::int64_t> counts) {
  for (std::size_t i = 0; i < counts.size(); ++i) {
    counts[i] = 0;
    for (std::size_t w = 0; w < column.size(); ++w) {
      counts[i] += std::popcount(column[w] & others[i * column.size() + w]);
    }
  }
}

std::size_t compact(std::span<std::uint64_t const> mask, std::span<std::uint64_t const> column,
                    std::span<std::uint64_t> out) {
  std::fill(out.begin(), out.end(), 0);
  std::size_t rows = 0;
  for (std::size_t row = 0; row < 64 * mask.size(); ++row) {
    if (((mask[row / 64] >> (row % 64)) & 1U) == 0) continue;
    out[rows / 64] |= ((column[row / 64] >> (row % 64)) & 1U) << (rows % 64);
    ++rows;
  }
  return rows;
}

}  // namespace reference

}  // namespace tessera::kernel
#endif  // HWY_ONCE
