// SPDX-License-Identifier: Apache-2.0
#include "tessera/core/random.hpp"
#include "tessera/kernel/bitset.hpp"

#define HWY_WANT_AVX3_DL 1  // as the kernel does
#include <gtest/gtest.h>
#include <hwy/targets.h>

namespace tessera::kernel {
namespace {

/// `density` of 64 bits set, at random.
BitWords random_words(std::size_t words, std::uint64_t density, std::uint64_t seed) {
  BitWords out(words);
  Draw const draw(seed, Purpose::sample);
  for (std::size_t bit = 0; bit < 64 * words; ++bit) {
    if (draw.below(64, bit) < density) out[bit / 64] |= std::uint64_t{1} << (bit % 64);
  }
  return out;
}

/// Runs `check` at every SIMD level of this machine.
template <class Check>
void at_every_level(Check&& check) {
  for (auto const target : hwy::SupportedAndGeneratedTargets()) {
    SCOPED_TRACE(hwy::TargetName(target));
    hwy::SetSupportedTargetsForTest(target);
    hwy::GetChosenTarget().Update(hwy::SupportedTargets());
    check();
  }
  hwy::SetSupportedTargetsForTest(0);
  hwy::GetChosenTarget().DeInit();
}

TEST(Bitset, counts_intersections_like_the_plain_loop_at_every_level) {
  at_every_level([] {
    for (std::size_t const words : {0U, 8U, 16U, 24U, 64U, 1000U}) {
      for (std::size_t const columns : {0U, 1U, 3U, 4U, 5U, 8U, 11U}) {
        auto const column = random_words(words, 40, 1);
        auto const others = random_words(words * columns, 20, 2);
        std::vector<std::int64_t> expected(columns, -1), found(columns, -2);
        reference::intersection_counts(column, others, expected);
        intersection_counts(column, others, found);
        EXPECT_EQ(found, expected) << words << " words, " << columns << " columns";
      }
    }
  });
}

TEST(Bitset, intersects_word_by_word_at_every_level) {
  at_every_level([] {
    for (std::size_t const words : {0U, 8U, 24U, 200U}) {
      auto const a = random_words(words, 40, 8), b = random_words(words, 30, 9);
      BitWords expected(words), found(words, 1);
      for (std::size_t w = 0; w < words; ++w) expected[w] = a[w] & b[w];
      intersect(a, b, found);
      EXPECT_EQ(found, expected);
    }
  });
}

TEST(Bitset, counts_full_columns) {
  at_every_level([] {
    BitWords const ones(80, ~std::uint64_t{0});
    std::vector<std::int64_t> found(10);
    BitWords const others(800, ~std::uint64_t{0});
    intersection_counts(ones, others, found);
    EXPECT_EQ(found, std::vector<std::int64_t>(10, 64 * 80));
    EXPECT_EQ(count(ones), 64U * 80);
  });
}

TEST(Bitset, compacts_like_the_plain_loop_at_every_level) {
  at_every_level([] {
    for (std::uint64_t const density : {0U, 1U, 16U, 32U, 63U, 64U}) {
      auto const mask = random_words(40, density, 3);
      auto const column = random_words(40, 30, 4);
      BitWords expected(column_words(count(mask)), 7), found(expected.size(), 9);
      auto const rows = reference::compact(mask, column, expected);
      EXPECT_EQ(compact(mask, column, found), rows);
      EXPECT_EQ(rows, count(mask));
      EXPECT_EQ(found, expected) << "density " << density;
    }
  });
}

TEST(Bitset, a_compacted_column_keeps_its_intersections) {
  auto const mask = random_words(64, 8, 5), a = random_words(64, 30, 6), b = random_words(64, 50, 7);
  BitWords const compacted = [&] {
    BitWords out(column_words(count(mask)));
    compact(mask, a, out);
    return out;
  }();
  BitWords other(compacted.size());
  compact(mask, b, other);
  BitWords within(64), both(compacted.size());
  intersect(mask, a, within);
  intersect(within, b, within);
  intersect(compacted, other, both);
  EXPECT_EQ(count(both), count(within));
}

TEST(Bitset, pads_columns_to_whole_vectors) {
  EXPECT_EQ(column_words(0), 0U);
  EXPECT_EQ(column_words(1), 8U);
  EXPECT_EQ(column_words(512), 8U);
  EXPECT_EQ(column_words(513), 16U);
}

}  // namespace
}  // namespace tessera::kernel
