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

/// The same with columns that are picked: four at once.
void AddIntersectionCounts(std::uint64_t const* HWY_RESTRICT column, std::size_t words,
                           std::uint64_t const* HWY_RESTRICT table, std::size_t stride,
                           std::int32_t const* HWY_RESTRICT which, std::size_t columns,
                           std::int64_t* HWY_RESTRICT counts) {
  Words const d;
  std::size_t const step = hn::Lanes(d);
  auto const picked = [&](std::size_t i) { return table + static_cast<std::size_t>(which[i]) * stride; };
  std::size_t i = 0;
  for (; i + 4 <= columns; i += 4) {
    std::uint64_t const* const other0 = picked(i);
    std::uint64_t const* const other1 = picked(i + 1);
    std::uint64_t const* const other2 = picked(i + 2);
    std::uint64_t const* const other3 = picked(i + 3);
    auto sum0 = hn::Zero(d), sum1 = hn::Zero(d), sum2 = hn::Zero(d), sum3 = hn::Zero(d);
    for (std::size_t w = 0; w < words; w += step) {
      auto const a = hn::LoadU(d, column + w);
      sum0 = hn::Add(sum0, hn::PopulationCount(hn::And(a, hn::LoadU(d, other0 + w))));
      sum1 = hn::Add(sum1, hn::PopulationCount(hn::And(a, hn::LoadU(d, other1 + w))));
      sum2 = hn::Add(sum2, hn::PopulationCount(hn::And(a, hn::LoadU(d, other2 + w))));
      sum3 = hn::Add(sum3, hn::PopulationCount(hn::And(a, hn::LoadU(d, other3 + w))));
    }
    counts[i] += sum(sum0);
    counts[i + 1] += sum(sum1);
    counts[i + 2] += sum(sum2);
    counts[i + 3] += sum(sum3);
  }
  for (; i < columns; ++i) {
    std::uint64_t const* const other = picked(i);
    auto total = hn::Zero(d);
    for (std::size_t w = 0; w < words; w += step) {
      total = hn::Add(total, hn::PopulationCount(hn::And(hn::LoadU(d, column + w), hn::LoadU(d, other + w))));
    }
    counts[i] += sum(total);
  }
}

void Intersect(std::uint64_t const* a, std::uint64_t const* b, std::uint64_t* out, std::size_t words) {
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

/// A few columns at once: they share the mask's arithmetic, and the word that is being filled stays in a
/// register.
template <std::size_t kColumns>
std::size_t CompactSome(std::uint64_t const* HWY_RESTRICT mask, std::size_t words,
                        std::uint64_t const* const* columns, std::uint64_t* const* out, std::size_t at) {
  std::size_t to = at / 64, shift = at % 64;
  std::uint64_t filling[kColumns];
  for (std::size_t c = 0; c < kColumns; ++c)
    filling[c] = shift == 0 ? 0 : out[c][to] & ((std::uint64_t{1} << shift) - 1);
  for (std::size_t w = 0; w < words; ++w) {
    auto const chosen = mask[w];
    if (chosen == 0) continue;
    auto const end = shift + static_cast<std::size_t>(std::popcount(chosen));
    std::uint64_t bits[kColumns];
    for (std::size_t c = 0; c < kColumns; ++c) {
      bits[c] = gather_bits(columns[c][w], chosen);
      filling[c] |= bits[c] << shift;
    }
    if (end >= 64) {
      for (std::size_t c = 0; c < kColumns; ++c) {
        out[c][to] = filling[c];
        filling[c] = shift == 0 ? 0 : bits[c] >> (64 - shift);
      }
      ++to;
    }
    shift = end % 64;
  }
  if (shift > 0) {
    for (std::size_t c = 0; c < kColumns; ++c) out[c][to] = filling[c];
  }
  return 64 * to + shift;
}

std::size_t Compact(std::uint64_t const* HWY_RESTRICT mask, std::size_t words,
                    std::uint64_t const* HWY_RESTRICT table, std::size_t stride,
                    std::int32_t const* HWY_RESTRICT which, std::size_t columns,
                    std::uint64_t* HWY_RESTRICT out, std::size_t out_stride, std::size_t at) {
  constexpr std::size_t kTogether = 4;
  std::uint64_t const* from[kTogether];
  std::uint64_t* to[kTogether];
  std::size_t end = at;
  for (std::size_t w = 0; w < words; ++w) end += static_cast<std::size_t>(std::popcount(mask[w]));
  std::size_t i = 0;
  auto const pick = [&](std::size_t count) {
    for (std::size_t c = 0; c < count; ++c) {
      from[c] = table + static_cast<std::size_t>(which[i + c]) * stride;
      to[c] = out + (i + c) * out_stride;
    }
  };
  for (; i + kTogether <= columns; i += kTogether) {
    pick(kTogether);
    CompactSome<kTogether>(mask, words, from, to, at);
  }
  for (; i < columns; ++i) {
    pick(1);
    CompactSome<1>(mask, words, from, to, at);
  }
  return end;
}

}  // namespace tessera::kernel::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace tessera::kernel {

HWY_EXPORT(IntersectionCounts);
HWY_EXPORT(AddIntersectionCounts);
HWY_EXPORT(Intersect);
HWY_EXPORT(Compact);

void intersection_counts(std::span<std::uint64_t const> column, std::span<std::uint64_t const> others,
                         std::span<std::int64_t> counts) {
  HWY_DYNAMIC_DISPATCH(IntersectionCounts)
  (column.data(), column.size(), others.data(), counts.size(), counts.data());
}

void add_intersection_counts(std::span<std::uint64_t const> column, std::uint64_t const* table,
                             std::size_t stride, std::span<std::int32_t const> which,
                             std::span<std::int64_t> counts) {
  HWY_DYNAMIC_DISPATCH(AddIntersectionCounts)
  (column.data(), column.size(), table, stride, which.data(), counts.size(), counts.data());
}

void intersect(std::span<std::uint64_t const> a, std::span<std::uint64_t const> b,
               std::span<std::uint64_t> out) {
  HWY_DYNAMIC_DISPATCH(Intersect)(a.data(), b.data(), out.data(), out.size());
}

std::size_t compact(std::span<std::uint64_t const> mask, std::uint64_t const* table, std::size_t stride,
                    std::span<std::int32_t const> which, std::uint64_t* out, std::size_t out_stride,
                    std::size_t at) {
  return HWY_DYNAMIC_DISPATCH(Compact)(mask.data(), mask.size(), table, stride, which.data(), which.size(),
                                       out, out_stride, at);
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

void add_intersection_counts(std::span<std::uint64_t const> column, std::uint64_t const* table,
                             std::size_t stride, std::span<std::int32_t const> which,
                             std::span<std::int64_t> counts) {
  for (std::size_t i = 0; i < counts.size(); ++i) {
    for (std::size_t w = 0; w < column.size(); ++w) {
      counts[i] += std::popcount(column[w] & table[static_cast<std::size_t>(which[i]) * stride + w]);
    }
  }
}

std::size_t compact(std::span<std::uint64_t const> mask, std::uint64_t const* table, std::size_t stride,
                    std::span<std::int32_t const> which, std::uint64_t* out, std::size_t out_stride,
                    std::size_t at) {
  std::size_t end = at;
  for (std::size_t i = 0; i <= which.size(); ++i) {  // once more, for no column, so that `end` is known
    end = at;
    for (std::size_t row = 0; row < 64 * mask.size(); ++row) {
      if (((mask[row / 64] >> (row % 64)) & 1U) == 0) continue;
      if (i < which.size()) {
        auto const* const column = table + static_cast<std::size_t>(which[i]) * stride;
        auto& word = out[i * out_stride + end / 64];
        word &= end % 64 == 0 ? 0 : (std::uint64_t{1} << (end % 64)) - 1;
        word |= ((column[row / 64] >> (row % 64)) & 1U) << (end % 64);
      }
      ++end;
    }
  }
  return end;
}

}  // namespace reference

}  // namespace tessera::kernel
#endif  // HWY_ONCE
