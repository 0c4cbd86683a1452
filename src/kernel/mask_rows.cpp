// SPDX-License-Identifier: Apache-2.0
#include "tessera/kernel/mask_rows.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

#define HWY_WANT_AVX3_DL 1
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE \
  "../src/kernel/mask_rows.cpp"  // as seen from include/, where the layer's headers are
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace tessera::kernel::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;
using Masks = hn::CappedTag<std::uint64_t, 8>;
using Weights = hn::CappedTag<std::uint32_t, 16>;

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

std::size_t SelectRows(MaskRows rows, int bit, std::uint64_t keep, std::uint64_t needed,
                       std::uint64_t* HWY_RESTRICT out_mask, std::uint32_t* HWY_RESTRICT out_weight) {
  std::size_t out = 0, r = 0;
#if HWY_TARGET <= HWY_AVX3
  hn::FixedTag<std::uint64_t, 8> const d;
  hn::FixedTag<std::uint32_t, 8> const half;
  auto const wanted = hn::Set(d, std::uint64_t{1} << bit), kept = hn::Set(d, keep), need = hn::Set(d, needed);
  auto const zero = hn::Zero(d);
  for (; r + 8 <= rows.count; r += 8) {
    auto const mask = hn::LoadU(d, rows.mask + r);
    auto const chosen = hn::And(hn::TestBit(mask, wanted), hn::Ne(hn::And(mask, need), zero));
    std::uint8_t bits = 0;
    hn::StoreMaskBits(d, chosen, &bits);
    hn::StoreU(hn::Compress(hn::And(mask, kept), chosen), d, out_mask + out);
    std::uint8_t const half_bits[8] = {bits};
    hn::StoreU(hn::Compress(hn::LoadU(half, rows.weight + r), hn::LoadMaskBits(half, half_bits)), half,
               out_weight + out);
    out += static_cast<std::size_t>(std::popcount(static_cast<unsigned>(bits)));
  }
#endif
  for (; r < rows.count; ++r) {
    std::uint64_t const mask = rows.mask[r];
    out_mask[out] = mask & keep;
    out_weight[out] = rows.weight[r];
    out += ((mask >> bit) & 1U) != 0 && (mask & needed) != 0 ? 1 : 0;
  }
  return out;
}

void CountBits(MaskRows rows, std::uint32_t* HWY_RESTRICT counts) {
  Weights const d;
  std::size_t const lanes = hn::Lanes(d);
  std::memset(counts, 0, 64 * sizeof(std::uint32_t));
#if HWY_TARGET <= HWY_AVX3
  auto c0 = hn::Zero(d), c1 = c0, c2 = c0, c3 = c0;
  for (std::size_t r = 0; r < rows.count; ++r) {
    std::uint8_t bits[16] = {};
    std::memcpy(bits, rows.mask + r, 8);
    auto const weight = hn::Set(d, rows.weight[r]);
    c0 = hn::Add(c0, hn::IfThenElseZero(hn::LoadMaskBits(d, bits), weight));
    c1 = hn::Add(c1, hn::IfThenElseZero(hn::LoadMaskBits(d, bits + 2), weight));
    c2 = hn::Add(c2, hn::IfThenElseZero(hn::LoadMaskBits(d, bits + 4), weight));
    c3 = hn::Add(c3, hn::IfThenElseZero(hn::LoadMaskBits(d, bits + 6), weight));
  }
  hn::StoreU(c0, d, counts);
  hn::StoreU(c1, d, counts + lanes);
  hn::StoreU(c2, d, counts + 2 * lanes);
  hn::StoreU(c3, d, counts + 3 * lanes);
#else
  auto const one = hn::Shl(hn::Set(d, 1U), hn::Iota(d, 0));  // a bit a lane
  std::uint64_t used = 0;
  for (std::size_t r = 0; r < rows.count; ++r) used |= rows.mask[r];
  std::uint64_t const lane_bits = (std::uint64_t{1} << lanes) - 1;
  for (std::size_t first = 0; first < 64; first += lanes) {
    if (((used >> first) & lane_bits) == 0) continue;
    auto sum = hn::Zero(d);
    for (std::size_t r = 0; r < rows.count; ++r) {
      auto const bits = hn::Set(d, static_cast<std::uint32_t>(rows.mask[r] >> first));
      sum = hn::Add(sum, hn::IfThenElseZero(hn::TestBit(bits, one), hn::Set(d, rows.weight[r])));
    }
    hn::StoreU(sum, d, counts + first);
  }
#endif
}

/// One step of the sums with vectors that are no longer than the step.
template <class D>
HWY_INLINE void add_upper_halves(D d, std::uint32_t* HWY_RESTRICT table, std::size_t size, std::size_t step) {
  std::size_t const lanes = hn::Lanes(d);
  for (std::size_t first = 0; first < size; first += 2 * step) {
    for (std::size_t i = first; i < first + step; i += lanes) {
      hn::StoreU(hn::Add(hn::LoadU(d, table + i), hn::LoadU(d, table + i + step)), d, table + i);
    }
  }
}

/// table[s] becomes the sum over all supersets of s (Yates).
HWY_INLINE void superset_sums(std::uint32_t* HWY_RESTRICT table, std::size_t size) {
  std::size_t step = 1;
#if HWY_TARGET != HWY_SCALAR
  if (size >= 16) {
    Weights const d;  // the two lowest items within a vector
    auto const lane = hn::Iota(d, 0);
    auto const without_first = hn::Eq(hn::And(lane, hn::Set(d, 1U)), hn::Zero(d));
    auto const without_second = hn::Eq(hn::And(lane, hn::Set(d, 2U)), hn::Zero(d));
    for (std::size_t i = 0; i < size; i += hn::Lanes(d)) {
      auto v = hn::LoadU(d, table + i);
      v = hn::Add(v, hn::IfThenElseZero(without_first, hn::Shuffle2301(v)));
      v = hn::Add(v, hn::IfThenElseZero(without_second, hn::Shuffle1032(v)));
      hn::StoreU(v, d, table + i);
    }
    add_upper_halves(hn::CappedTag<std::uint32_t, 4>(), table, size, 4);
    add_upper_halves(hn::CappedTag<std::uint32_t, 8>(), table, size, 8);
    for (step = 16; step < size; step *= 2) add_upper_halves(d, table, size, step);
    return;
  }
#endif
  for (; step < size; step *= 2) add_upper_halves(hn::CappedTag<std::uint32_t, 1>(), table, size, step);
}

void CountSubsets(MaskRows rows, std::uint64_t items, std::uint32_t* HWY_RESTRICT table, std::size_t size) {
  std::memset(table, 0, size * sizeof(std::uint32_t));
  for (std::size_t r = 0; r < rows.count; ++r) table[gather_bits(rows.mask[r], items)] += rows.weight[r];
  superset_sums(table, size);
}

std::size_t CountAtLeast(std::uint32_t const* HWY_RESTRICT table, std::size_t size, std::uint32_t least) {
  Weights const d;
  std::size_t const lanes = hn::Lanes(d);
  std::size_t count = 0, i = 0;
  auto const bound = hn::Set(d, least);
  for (; i + lanes <= size; i += lanes) {
    // max(x, least) == x, since Highway has no unsigned comparison on every target
    auto const x = hn::LoadU(d, table + i);
    count += hn::CountTrue(d, hn::Eq(hn::Max(x, bound), x));
  }
  for (; i < size; ++i) count += table[i] >= least ? 1 : 0;
  return count;
}

}  // namespace tessera::kernel::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace tessera::kernel {

HWY_EXPORT(SelectRows);
HWY_EXPORT(CountBits);
HWY_EXPORT(CountSubsets);
HWY_EXPORT(CountAtLeast);

std::size_t select_rows(MaskRows rows, int bit, std::uint64_t keep, std::uint64_t needed,
                        std::uint64_t* out_mask, std::uint32_t* out_weight) {
  return HWY_DYNAMIC_DISPATCH(SelectRows)(rows, bit, keep, needed, out_mask, out_weight);
}

void count_bits(MaskRows rows, std::span<std::uint32_t, 64> counts) {
  HWY_DYNAMIC_DISPATCH(CountBits)(rows, counts.data());
}

void count_subsets(MaskRows rows, std::uint64_t items, std::span<std::uint32_t> table) {
  HWY_DYNAMIC_DISPATCH(CountSubsets)(rows, items, table.data(), table.size());
}

std::size_t count_at_least(std::span<std::uint32_t const> table, std::uint32_t least) {
  return HWY_DYNAMIC_DISPATCH(CountAtLeast)(table.data(), table.size(), least);
}

namespace reference {

std::size_t select_rows(MaskRows rows, int bit, std::uint64_t keep, std::uint64_t needed,
                        std::uint64_t* out_mask, std::uint32_t* out_weight) {
  std::size_t out = 0;
  for (std::size_t r = 0; r < rows.count; ++r) {
    if (((rows.mask[r] >> bit) & 1U) == 0 || (rows.mask[r] & needed) == 0) continue;
    out_mask[out] = rows.mask[r] & keep;
    out_weight[out] = rows.weight[r];
    ++out;
  }
  return out;
}

void count_bits(MaskRows rows, std::span<std::uint32_t, 64> counts) {
  std::fill(counts.begin(), counts.end(), 0);
  for (std::size_t r = 0; r < rows.count; ++r) {
    for (std::size_t b = 0; b < 64; ++b) counts[b] += ((rows.mask[r] >> b) & 1U) != 0 ? rows.weight[r] : 0;
  }
}

void count_subsets(MaskRows rows, std::uint64_t items, std::span<std::uint32_t> table) {
  for (std::size_t s = 0; s < table.size(); ++s) {
    std::uint64_t wanted = 0, rest = items;
    for (std::size_t i = 0; rest != 0; ++i, rest &= rest - 1) {
      if (((s >> i) & 1U) != 0) wanted |= rest & (~rest + 1);
    }
    table[s] = 0;
    for (std::size_t r = 0; r < rows.count; ++r) {
      if ((rows.mask[r] & wanted) == wanted) table[s] += rows.weight[r];
    }
  }
}

}  // namespace reference

}  // namespace tessera::kernel
#endif  // HWY_ONCE
