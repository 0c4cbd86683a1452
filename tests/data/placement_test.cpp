// SPDX-License-Identifier: Apache-2.0
#include "tessera/data/placement.hpp"

#include "tessera/core/random.hpp"
#include "tessera/data/row_blocks.hpp"

#include <bit>

#include <gtest/gtest.h>

namespace tessera {
namespace {

TEST(KeyBlocks, are_a_power_of_two_with_half_to_one_block_length_of_rows_each) {
  Draw const draw(1, Purpose::sample);
  for (std::uint64_t i = 0; i < 100'000; ++i) {
    std::uint64_t const rows = i < 5000 ? i : draw.bits(i) >> (14 + draw.below(40, i, 1));
    auto const count = KeyBlocks(rows).count();
    ASSERT_TRUE(std::has_single_bit(count));
    ASSERT_GE(count * kRowsPerBlock, rows) << rows;
    ASSERT_TRUE(count == 1 || count / 2 * kRowsPerBlock < rows) << rows;
  }
}

TEST(KeyBlocks, cut_key_space_into_equal_ascending_ranges) {
  KeyBlocks const blocks(5000);
  ASSERT_EQ(blocks.count(), 8U);
  for (std::uint64_t b = 0; b < 8; ++b) {
    EXPECT_EQ(blocks.of(Key{b << 61, 0}), b);
    EXPECT_EQ(blocks.of(Key{((b + 1) << 61) - 1, ~std::uint64_t{0}}), b);
  }
  EXPECT_EQ(KeyBlocks(0).of(Key{~std::uint64_t{0}, 0}), 0U);
  EXPECT_EQ(KeyBlocks(kRowsPerBlock).of(Key{~std::uint64_t{0}, 0}), 0U);
}

TEST(KeyBlocks, are_those_of_what_was_placed_before) {
  Draw const draw(2, Purpose::sample);
  for (std::uint64_t const rows : {0U, 1U, 1024U, 1025U, 5000U, 1'000'000U}) {
    KeyBlocks const blocks(rows), again = KeyBlocks::of_count(blocks.count());
    ASSERT_EQ(again.count(), blocks.count());
    for (std::uint64_t i = 0; i < 100; ++i) {
      Key const key{draw.bits(i), 0};
      std::uint64_t const block = blocks.of(key);
      ASSERT_EQ(again.of(key), block);
      // the first and the last key of a block lie at its ends
      auto const bits = std::countr_zero(blocks.count());
      ASSERT_EQ(blocks.within(key) >> bits, bits == 0 ? key.high : key.high - (block << (64 - bits)));
    }
  }
}

TEST(Placement, gives_every_block_to_exactly_one_rank_in_contiguous_runs) {
  for (std::uint64_t blocks : {1U, 2U, 3U, 7U, 8U, 64U, 1000U}) {
    for (int ranks : {1, 2, 3, 4, 7, 64, 1000, 1999}) {
      Placement const placement(blocks, ranks);
      ASSERT_EQ(placement.first_block(0), 0U);
      ASSERT_EQ(placement.first_block(ranks), blocks);
      std::uint64_t next = 0;
      for (int rank = 0; rank < ranks; ++rank) {
        ASSERT_EQ(placement.first_block(rank), next);
        next = placement.first_block(rank + 1);
        ASSERT_GE(next, placement.first_block(rank));
        for (auto block = placement.first_block(rank); block < next; ++block)
          ASSERT_EQ(placement.rank_of(block), rank);
      }
      ASSERT_EQ(next, blocks);
    }
  }
}

TEST(Placement, is_balanced_and_inverts_for_any_numbers_of_blocks_and_ranks) {
  Draw const draw(2, Purpose::sample);
  for (std::uint64_t i = 0; i < 1'000'000; ++i) {
    std::uint64_t const blocks = 1 + (draw.bits(i, 0) >> (1 + draw.below(63, i, 1)));
    int const ranks = static_cast<int>(1 + draw.below(std::uint64_t{1} << draw.below(21, i, 2), i, 3));
    Placement const placement(blocks, ranks);
    std::uint64_t const block = draw.below(blocks, i, 4);
    int const owner = placement.rank_of(block);
    ASSERT_GE(owner, 0);
    ASSERT_LT(owner, ranks);
    ASSERT_LE(placement.first_block(owner), block) << blocks << " blocks on " << ranks;
    ASSERT_LT(block, placement.first_block(owner + 1)) << blocks << " blocks on " << ranks;
    int const rank = static_cast<int>(draw.below(static_cast<std::uint64_t>(ranks), i, 5));
    auto const run = placement.first_block(rank + 1) - placement.first_block(rank);
    auto const share = blocks / static_cast<std::uint64_t>(ranks);
    ASSERT_TRUE(run == share || run == share + 1) << blocks << " blocks on " << ranks;
  }
}

TEST(RegularBlocks, cover_every_row_once_in_order_for_any_number_of_ranks) {
  for (std::uint64_t rows : {0U, 1U, 1023U, 1024U, 1025U, 5000U, 70'000U}) {
    for (int ranks : {1, 2, 3, 7, 100}) {
      std::uint64_t next_row = 0, next_block = 0;
      for (int rank = 0; rank < ranks; ++rank) {
        auto const blocks = regular_blocks(rows, rank, ranks);
        ASSERT_EQ(blocks.total_rows, rows);
        ASSERT_EQ(blocks.total_blocks, (rows + kRowsPerBlock - 1) / kRowsPerBlock);
        ASSERT_EQ(blocks.first_row, next_row);
        ASSERT_EQ(blocks.first_block, next_block);
        for (std::size_t b = 0; b < blocks.blocks(); ++b) {
          ASSERT_EQ(blocks.first_row + blocks.offset[b], (blocks.first_block + b) * kRowsPerBlock);
        }
        next_row += blocks.rows();
        next_block += blocks.blocks();
      }
      ASSERT_EQ(next_row, rows);
      ASSERT_EQ(next_block, (rows + kRowsPerBlock - 1) / kRowsPerBlock);
    }
  }
}

TEST(RowBlocks, turn_local_rows_into_global_ones_and_back) {
  for (int rank = 0; rank < 3; ++rank) {
    auto const blocks = regular_blocks(5000, rank, 3);
    for (std::size_t row = 0; row < blocks.rows(); ++row) {
      auto const global = blocks.global(LocalRow{row});
      ASSERT_TRUE(blocks.owns(global));
      ASSERT_EQ(blocks.local(global), LocalRow{row});
    }
    EXPECT_FALSE(blocks.owns(GlobalRow{blocks.first_row + blocks.rows()}));
    if (blocks.first_row > 0) {
      EXPECT_FALSE(blocks.owns(GlobalRow{blocks.first_row - 1}));
    }
  }
}

}  // namespace
}  // namespace tessera
