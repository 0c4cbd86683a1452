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

TEST(Bitset, adds_counts_of_picked_columns_like_the_plain_loop_at_every_level) {
  std::vector<std::int32_t> const all{4, 0, 9, 9, 2, 7, 1, 3, 8};
  at_every_level([&] {
    for (std::size_t const words : {0U, 8U, 24U, 64U}) {
      for (std::size_t const columns : {0U, 1U, 3U, 4U, 5U, 9U}) {
        std::size_t const stride = words + 8;  // a block that is not full
        auto const column = random_words(words, 40, 1);
        auto const table = random_words(stride * 10, 20, 2);
        auto const which = std::span(all).first(columns);
        std::vector<std::int64_t> expected(columns, 5), found(columns, 5);
        reference::add_intersection_counts(column, table.data(), stride, which, expected);
        add_intersection_counts(column, table.data(), stride, which, found);
        EXPECT_EQ(found, expected) << words << " words, " << columns << " columns";
      }
    }
  });
}

TEST(Bitset, compacts_like_the_plain_loop_at_every_level) {
  std::vector<std::int32_t> const all{3, 0, 5, 5, 1, 4, 2};
  at_every_level([&] {
    for (std::uint64_t const density : {0U, 1U, 16U, 32U, 63U, 64U}) {
      for (std::size_t const columns : {0U, 1U, 4U, 6U, 7U}) {
        for (std::size_t const at : {0U, 1U, 63U, 64U, 100U}) {
          auto const mask = random_words(40, density, 3);
          auto const table = random_words(48 * 6, 30, 4);
          auto const which = std::span(all).first(columns);
          std::size_t const stride = column_words(count(mask) + at);
          BitWords expected(stride * columns);
          for (std::size_t c = 0; c < columns; ++c) {
            for (std::size_t bit = 0; bit < at; bit += 3)
              expected[c * stride + bit / 64] |= std::uint64_t{1} << (bit % 64);
          }
          auto found = expected;
          auto const end = reference::compact(mask, table.data(), 48, which, expected.data(), stride, at);
          EXPECT_EQ(compact(mask, table.data(), 48, which, found.data(), stride, at), end);
          EXPECT_EQ(end, at + count(mask));
          EXPECT_EQ(found, expected) << "density " << density << ", from bit " << at;
        }
      }
    }
  });
}

TEST(Bitset, compacted_columns_keep_their_intersections) {
  auto const mask = random_words(64, 8, 5), table = random_words(128, 30, 6);
  std::vector<std::int32_t> const which{0, 1};
  std::size_t const stride = column_words(count(mask));
  BitWords out(2 * stride), within(64), both(stride);
  compact(mask, table.data(), 64, which, out.data(), stride, 0);
  intersect(mask, std::span(table).first(64), within);
  intersect(within, std::span(table).subspan(64), within);
  intersect(std::span(out).first(stride), std::span(out).subspan(stride), both);
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
