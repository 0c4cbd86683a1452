// SPDX-License-Identifier: Apache-2.0
#include "tessera/comm/collectives.hpp"
#include "tessera/data/row_blocks.hpp"

#include <vector>

#include "mpi/main.hpp"
#include <gtest/gtest.h>

namespace tessera {
namespace {

TEST(GatherBlocks, numbers_rows_and_blocks_alike_for_any_number_of_ranks) {
  auto const& comm = test::world();
  for (std::uint64_t const total_blocks : {1U, 2U, 5U, 16U}) {
    auto const rows_of = [](std::uint64_t block) {
      return static_cast<std::size_t>(block * 7 % 5);
    };  // some are empty
    Placement const placement(total_blocks, comm.size());
    std::vector<std::size_t> mine;
    for (auto b = placement.first_block(comm.rank()); b < placement.first_block(comm.rank() + 1); ++b) {
      mine.push_back(rows_of(b));
    }
    auto const blocks = gather_blocks(comm, total_blocks, mine);
    std::uint64_t row = 0, total = 0;
    for (std::uint64_t b = 0; b < total_blocks; ++b) {
      if (b < blocks.first_block) row += rows_of(b);
      total += rows_of(b);
    }
    EXPECT_EQ(blocks.total_blocks, total_blocks);
    EXPECT_EQ(blocks.total_rows, total);
    EXPECT_EQ(blocks.first_block, placement.first_block(comm.rank()));
    EXPECT_EQ(blocks.first_row, row);
    ASSERT_EQ(blocks.blocks(), mine.size());
    for (std::size_t b = 0; b < mine.size(); ++b) EXPECT_EQ(blocks.offset[b + 1] - blocks.offset[b], mine[b]);
  }
}

}  // namespace
}  // namespace tessera
