// SPDX-License-Identifier: Apache-2.0
#include "tessera/data/redistribute.hpp"

#include "mpi/main.hpp"
#include <gtest/gtest.h>

namespace tessera {
namespace {

/// Values 0, 1, 2, ... held in shares that differ wildly from rank to rank.
std::vector<std::uint64_t> uneven_share(Communicator const& comm, std::uint64_t total) {
  auto const border = [&](int rank) {
    auto const r = static_cast<std::uint64_t>(rank), ranks = static_cast<std::uint64_t>(comm.size());
    return total * r * r / (ranks * ranks);
  };
  std::vector<std::uint64_t> values;
  for (auto value = border(comm.rank()); value < border(comm.rank() + 1); ++value) values.push_back(value);
  return values;
}

TEST(Redistribute, keeps_the_order_and_fills_regular_blocks) {
  auto const& comm = test::world();
  for (std::uint64_t const total : {0ULL, 1ULL, 1023ULL, 1024ULL, 1025ULL, 10'000ULL}) {
    auto const share = uneven_share(comm, total);
    auto const regular = to_regular_blocks(comm, std::span<std::uint64_t const>(share));
    auto const expected = regular_blocks(total, comm.rank(), comm.size());
    ASSERT_EQ(regular.blocks.first_row, expected.first_row);
    ASSERT_EQ(regular.values.size(), expected.rows());
    for (std::size_t i = 0; i < regular.values.size(); ++i)
      ASSERT_EQ(regular.values[i], expected.first_row + i);
  }
}

}  // namespace
}  // namespace tessera
