// SPDX-License-Identifier: Apache-2.0
#include "tessera/comm/collectives.hpp"
#include "tessera/comm/node_memory.hpp"

#include <algorithm>
#include <cstring>
#include <numeric>
#include <vector>

#include "mpi/main.hpp"
#include <gtest/gtest.h>

namespace tessera {
namespace {

using test::world;

std::vector<std::uint32_t> gathered(Communicator const& comm, std::vector<std::uint32_t> const& mine) {
  auto const memory = gather_on_nodes(comm, mine);
  std::vector<std::uint32_t> out(memory.bytes().size() / sizeof(std::uint32_t));
  if (!out.empty()) std::memcpy(out.data(), memory.bytes().data(), memory.bytes().size());
  std::sort(out.begin(), out.end());
  return out;
}

TEST(NodeMemory, is_written_once_and_seen_by_all) {
  NodeMemory const memory(world(), 1000);
  if (memory.is_writer()) std::fill(memory.bytes().begin(), memory.bytes().end(), std::byte{7});
  memory.publish();
  EXPECT_EQ(memory.bytes().size(), 1000U);
  EXPECT_EQ(std::count(memory.bytes().begin(), memory.bytes().end(), std::byte{7}), 1000);
}

TEST(NodeMemory, gathers_the_values_of_all_ranks_in_pieces_of_any_size) {
  auto const rank = static_cast<std::uint32_t>(world().rank());
  std::vector<std::uint32_t> mine(17 * rank);  // rank 0 has none
  std::iota(mine.begin(), mine.end(), 1000 * rank);
  auto expected = all_gather(world(), std::span<std::uint32_t const>(mine)).values;
  std::sort(expected.begin(), expected.end());
  for (std::size_t const limit : {3U, 64U, 1U << 20U})
    EXPECT_EQ(gathered(world().with_message_limit(limit), mine), expected);
}

TEST(NodeMemory, may_be_empty) {
  EXPECT_TRUE(gathered(world(), {}).empty());
}

TEST(NodeMemory, counts_the_ranks_of_a_node) {
  EXPECT_GE(ranks_per_node(world()), 1);
  EXPECT_LE(ranks_per_node(world()), world().size());
  EXPECT_EQ(ranks_per_node(Communicator::self()), 1);
}

}  // namespace
}  // namespace tessera
