// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

/// Baskets over at most 64 items, a word each, with the number of customers that have it. The hot loops of
/// itemset mining on dense data, with run-time SIMD dispatch, and the plain loops that they are tested
/// against. Sums of weights are below 2^32.
namespace tessera::kernel {

struct MaskRows {
  std::uint64_t const* mask;
  std::uint32_t const* weight;
  std::size_t count;
};

/// Local. Rows that hold `bit`, masked by `keep`, without those that have none of `needed` then; in order.
/// Writes up to kSlack elements beyond the last. Returns how many rows there are.
std::size_t select_rows(MaskRows rows, int bit, std::uint64_t keep, std::uint64_t needed,
                        std::uint64_t* out_mask, std::uint32_t* out_weight);
inline constexpr std::size_t kSlack = 16;

/// Local. counts[b] = weight of the rows that hold bit b.
void count_bits(MaskRows rows, std::span<std::uint32_t, 64> counts);

/// Local. table[s] = weight of the rows whose bits `items`, moved together, include all of s, where table has
/// 2^(bits of items) entries.
void count_subsets(MaskRows rows, std::uint64_t items, std::span<std::uint32_t> table);

/// Local. Entries of at least `least`.
[[nodiscard]] std::size_t count_at_least(std::span<std::uint32_t const> table, std::uint32_t least);

/// The same by plain loops: the oracle.
namespace reference {
std::size_t select_rows(MaskRows rows, int bit, std::uint64_t keep, std::uint64_t needed,
                        std::uint64_t* out_mask, std::uint32_t* out_weight);
void count_bits(MaskRows rows, std::span<std::uint32_t, 64> counts);
void count_subsets(MaskRows rows, std::uint64_t items, std::span<std::uint32_t> table);
}  // namespace reference

}  // namespace tessera::kernel
