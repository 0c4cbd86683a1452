// SPDX-License-Identifier: Apache-2.0
#include "tessera/comm/collectives.hpp"
#include "tessera/comm/work_queue.hpp"

#include <algorithm>
#include <numeric>
#include <vector>

#include "mpi/main.hpp"
#include <gtest/gtest.h>

namespace tessera {
namespace {

using test::world;

TEST(WorkQueue, gives_every_number_to_one_rank) {
  for (std::uint64_t const units : {0U, 1U, 2U, 1000U}) {
    std::vector<std::uint64_t> mine;
    {
      WorkQueue queue(world(), units);
      while (auto const unit = queue.next()) mine.push_back(*unit);
      EXPECT_FALSE(queue.next());
    }
    auto all = all_gather(world(), std::span<std::uint64_t const>(mine)).values;
    std::sort(all.begin(), all.end());
    std::vector<std::uint64_t> expected(units);
    std::iota(expected.begin(), expected.end(), std::uint64_t{0});
    EXPECT_EQ(all, expected);
  }
}

TEST(WorkQueue, gives_nothing_after_a_stop) {
  WorkQueue queue(world(), 1000);
  queue.stop();
  barrier(world());
  EXPECT_FALSE(queue.next());
}

TEST(WorkQueue, works_alone) {
  WorkQueue queue(Communicator::self(), 2);
  EXPECT_EQ(queue.next(), 0U);
  EXPECT_EQ(queue.next(), 1U);
  EXPECT_FALSE(queue.next());
}

}  // namespace
}  // namespace tessera
