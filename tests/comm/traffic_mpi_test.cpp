// SPDX-License-Identifier: Apache-2.0
#include "tessera/comm/collectives.hpp"
#include "tessera/comm/traffic.hpp"

#include <cstdint>
#include <vector>

#include "mpi/main.hpp"
#include <gtest/gtest.h>

namespace tessera {
namespace {

class TrafficSoFar : public testing::Test {
 protected:
  Communicator comm = test::world();
  std::uint64_t ranks = static_cast<std::uint64_t>(comm.size());

  /// What `work` costs this rank.
  template <class Work>
  Traffic cost_of(Work&& work) {
    auto const before = traffic_so_far(comm);
    work();
    return traffic_so_far(comm) - before;
  }
  std::uint64_t unless_alone(std::uint64_t bytes) const { return comm.size() > 1 ? bytes : 0; }
};

TEST_F(TrafficSoFar, counts_bytes_where_they_are_given) {
  std::vector<std::int64_t> values(100, 1);
  EXPECT_EQ(cost_of([&] { all_reduce(comm, std::span(values), Reduce::sum); }).bytes, unless_alone(800));
  auto const sent = cost_of([&] { broadcast(comm, std::span(values), comm.size() - 1); });
  EXPECT_EQ(sent.bytes, comm.rank() == comm.size() - 1 ? unless_alone(800) : 0);
  auto const gathered =
      cost_of([&] { static_cast<void>(all_gather(comm, static_cast<std::int32_t>(comm.rank()))); });
  EXPECT_EQ(gathered.bytes, unless_alone(4));
}

TEST_F(TrafficSoFar, leaves_out_what_a_rank_sends_to_itself) {
  std::vector<std::uint16_t> const values(10 * ranks, 7);
  std::vector<std::uint64_t> const counts(ranks, 10);
  auto const cost =
      cost_of([&] { static_cast<void>(all_to_all(comm, std::span(values), std::span(counts))); });
  // the values, the counts before them, and how long the longest message is
  EXPECT_EQ(cost.bytes, unless_alone((ranks - 1) * (10 * 2 + 8) + 8));
}

TEST_F(TrafficSoFar, counts_a_call_made_of_others_once) {
  std::vector<std::int8_t> values(1000, 1);  // added as 32 bits
  auto const cost = cost_of([&] { all_reduce(comm, std::span(values), Reduce::sum); });
  EXPECT_EQ(cost.calls, 1U);
  EXPECT_EQ(cost.bytes, unless_alone(1000));
}

TEST_F(TrafficSoFar, tells_waiting_from_moving) {
  auto const small = cost_of([&] { static_cast<void>(all_reduce(comm, 1, Reduce::sum)); });
  EXPECT_GT(small.waiting_seconds, 0);
  EXPECT_EQ(small.moving_seconds, 0);
  std::vector<double> values(Traffic::kFewBytes, 1.0);
  auto const large = cost_of([&] { all_reduce(comm, std::span(values), Reduce::maximum); });
  EXPECT_GT(large.moving_seconds, 0);
  EXPECT_EQ(large.waiting_seconds, 0);
}

TEST_F(TrafficSoFar, is_shared_by_copies_of_a_communicator) {
  auto const copy = comm.with_message_limit(64);
  auto const cost = cost_of([&] { barrier(copy); });
  EXPECT_EQ(cost.calls, 1U);
}

}  // namespace
}  // namespace tessera
