// SPDX-License-Identifier: Apache-2.0
#include "tessera/comm/collectives.hpp"
#include "tessera/core/error.hpp"
#include "tessera/core/random.hpp"

#include <array>
#include <limits>
#include <numeric>
#include <optional>
#include <string_view>
#include <vector>

#include "mpi/main.hpp"
#include <gtest/gtest.h>

namespace tessera {
namespace {

static_assert(Plain<double> && Plain<std::array<int, 3>> && Plain<std::optional<std::uint64_t>>);
static_assert(!Plain<std::span<int const>> && !Plain<std::string_view> && !Plain<int*> &&
              !Plain<std::vector<int>>);

/// Every test runs with messages that fit and with messages cut into pieces, odd sizes included.
class Collectives : public testing::TestWithParam<std::size_t> {
 protected:
  Communicator comm = test::world().with_message_limit(GetParam());
  std::uint64_t rank = static_cast<std::uint64_t>(comm.rank());
  std::uint64_t size = static_cast<std::uint64_t>(comm.size());
  int last = comm.size() - 1;
};

struct Wide {  // 24 bytes: no multiple of most limits
  std::uint64_t a, b, c;
  bool operator==(Wide const&) const = default;
};

Wide wide(std::uint64_t i) {
  return {i, i * i, ~i};
}

TEST_P(Collectives, broadcast_copies_the_roots_values) {
  for (int root = 0; root < comm.size(); ++root) {
    for (std::size_t const length : {0U, 1U, 5U, 100U}) {
      std::vector<Wide> values(length);
      for (std::size_t i = 0; i < length; ++i) values[i] = wide(i + 1000 * rank);
      broadcast(comm, std::span(values), root);
      for (std::size_t i = 0; i < length; ++i) {
        ASSERT_EQ(values[i], wide(i + 1000 * static_cast<std::uint64_t>(root)));
      }
    }
  }
}

TEST_P(Collectives, all_reduce_adds_and_compares_element_by_element) {
  for (std::size_t const length : {0U, 1U, 3U, 101U}) {
    std::vector<std::int64_t> sums(length), lowest(length), highest(length);
    for (std::size_t i = 0; i < length; ++i) {
      auto const value = static_cast<std::int64_t>(i * (rank + 1)) - 5;
      sums[i] = lowest[i] = highest[i] = value;
    }
    all_reduce(comm, std::span(sums), Reduce::sum);
    all_reduce(comm, std::span(lowest), Reduce::minimum);
    all_reduce(comm, std::span(highest), Reduce::maximum);
    for (std::size_t i = 0; i < length; ++i) {
      ASSERT_EQ(sums[i], static_cast<std::int64_t>(i * size * (size + 1) / 2) - 5 * comm.size());
      ASSERT_EQ(lowest[i], static_cast<std::int64_t>(i) - 5);
      ASSERT_EQ(highest[i], static_cast<std::int64_t>(i * size) - 5);
    }
  }
}

template <class T>
class CollectivesOf : public testing::Test {};
using Scalars = testing::Types<std::int8_t, std::uint8_t, std::int16_t, std::uint16_t, std::int32_t,
                               std::uint32_t, std::int64_t, std::uint64_t, long long, float, double, char>;
TYPED_TEST_SUITE(CollectivesOf, Scalars);

TYPED_TEST(CollectivesOf, every_scalar_type_are_reduced_as_that_type) {
  auto const& comm = test::world();
  auto const mine = static_cast<TypeParam>(comm.rank() + 1);
  EXPECT_EQ(all_reduce(comm, mine, Reduce::minimum), static_cast<TypeParam>(1));
  EXPECT_EQ(all_reduce(comm, mine, Reduce::maximum), static_cast<TypeParam>(comm.size()));
  // the extremes tell signed from unsigned and one width from another
  auto const lowest = std::numeric_limits<TypeParam>::lowest(),
             highest = std::numeric_limits<TypeParam>::max();
  EXPECT_EQ(all_reduce(comm, comm.rank() == 0 ? lowest : highest, Reduce::minimum), lowest);
  EXPECT_EQ(all_reduce(comm, comm.rank() == 0 ? highest : lowest, Reduce::maximum), highest);
  if constexpr (std::integral<TypeParam>) {
    EXPECT_EQ(all_reduce(comm, mine, Reduce::sum),
              static_cast<TypeParam>(comm.size() * (comm.size() + 1) / 2));
    EXPECT_EQ(exclusive_scan(comm, mine), static_cast<TypeParam>(comm.rank() * (comm.rank() + 1) / 2));
  } else {
    EXPECT_THROW(static_cast<void>(all_reduce(comm, mine, Reduce::sum)), BugError);
  }
}

TEST_P(Collectives, sums_of_short_integers_wrap_around) {
  // Long enough for the vector code of the MPI library, which saturates where it can.
  std::vector<std::uint16_t> words(1000, 40'000);
  std::vector<std::int8_t> bytes(1000, 100);
  all_reduce(comm, std::span(words), Reduce::sum);
  all_reduce(comm, std::span(bytes), Reduce::sum);
  for (auto const word : words) ASSERT_EQ(word, static_cast<std::uint16_t>(40'000 * size));
  for (auto const byte : bytes) ASSERT_EQ(byte, static_cast<std::int8_t>(100 * size));
}

TEST_P(Collectives, sums_hold_more_than_32_bits) {
  std::uint64_t const large = std::uint64_t{1} << 40;
  EXPECT_EQ(all_reduce(comm, large, Reduce::sum), large * size);
  EXPECT_EQ(exclusive_scan(comm, large), large * rank);
}

TEST_P(Collectives, all_gather_concatenates_uneven_and_empty_contributions) {
  for (std::uint64_t const step : {0U, 1U, 13U}) {
    std::vector<Wide> mine;  // rank r contributes r * step values; rank 0 none
    for (std::uint64_t i = 0; i < rank * step; ++i) mine.push_back(wide(100 * rank + i));
    auto const all = all_gather(comm, std::span<Wide const>(mine));
    ASSERT_EQ(all.counts.size(), size);
    std::size_t at = 0;
    for (std::uint64_t r = 0; r < size; ++r) {
      ASSERT_EQ(all.counts[r], r * step);
      for (std::uint64_t i = 0; i < r * step; ++i) ASSERT_EQ(all.values.at(at++), wide(100 * r + i));
    }
    ASSERT_EQ(at, all.values.size());
  }
}

TEST_P(Collectives, all_gather_of_one_value_has_one_from_each_rank) {
  auto const all = all_gather(comm, wide(rank));
  ASSERT_EQ(all.size(), size);
  for (std::uint64_t r = 0; r < size; ++r) EXPECT_EQ(all[r], wide(r));
}

TEST_P(Collectives, all_to_all_delivers_any_counts_in_order) {
  for (std::uint32_t pattern = 0; pattern < 6; ++pattern) {
    Draw const draw(pattern, Purpose::sample);
    // pattern 0: nothing at all; 1: all to the last rank; others: random, with zeros
    auto const count = [&](std::uint64_t from, std::uint64_t to) -> std::uint64_t {
      if (pattern == 0) return 0;
      if (pattern == 1) return to + 1 == size ? 40 : 0;
      return draw.below(30, from, static_cast<std::uint32_t>(to)) / 2 * (pattern % 2 + (from + to) % 2);
    };
    auto const value = [](std::uint64_t from, std::uint64_t to, std::uint64_t i) {
      return wide((from << 20) + (to << 10) + i);
    };
    std::vector<Wide> outgoing;
    std::vector<std::uint64_t> counts;
    for (std::uint64_t to = 0; to < size; ++to) {
      counts.push_back(count(rank, to));
      for (std::uint64_t i = 0; i < counts.back(); ++i) outgoing.push_back(value(rank, to, i));
    }
    auto const received =
        all_to_all(comm, std::span<Wide const>(outgoing), std::span<std::uint64_t const>(counts));
    ASSERT_EQ(received.counts.size(), size);
    std::size_t at = 0;
    for (std::uint64_t from = 0; from < size; ++from) {
      ASSERT_EQ(received.counts[from], count(from, rank));
      for (std::uint64_t i = 0; i < received.counts[from]; ++i) {
        ASSERT_EQ(received.values.at(at++), value(from, rank, i));
      }
    }
    ASSERT_EQ(at, received.values.size());
  }
}

TEST_P(Collectives, all_to_all_of_single_bytes_is_cut_at_the_limit_only) {
  std::vector<char> outgoing(size * 1000);
  for (std::size_t i = 0; i < outgoing.size(); ++i) outgoing[i] = static_cast<char>(i % 1000 % 128);
  auto const received = all_to_all(comm, std::span<char const>(outgoing),
                                   std::span<std::uint64_t const>(std::vector<std::uint64_t>(size, 1000)));
  ASSERT_EQ(received.values.size(), size * 1000);
  for (std::size_t i = 0; i < received.values.size(); ++i) {
    ASSERT_EQ(received.values[i], static_cast<char>(i % 1000 % 128));
  }
}

TEST_P(Collectives, all_to_all_refuses_counts_that_do_not_fit) {
  std::vector<int> const values(3);
  std::vector<std::uint64_t> const too_many_ranks(size + 1, 0), wrong_total(size, 7);
  EXPECT_THROW(static_cast<void>(all_to_all(comm, std::span<int const>(values),
                                            std::span<std::uint64_t const>(too_many_ranks))),
               BugError);
  EXPECT_THROW(static_cast<void>(all_to_all(comm, std::span<int const>(values),
                                            std::span<std::uint64_t const>(wrong_total))),
               BugError);
}

TEST_P(Collectives, float_sums_are_refused) {
  std::vector<double> values(4, 1.0);
  EXPECT_THROW(all_reduce(comm, std::span(values), Reduce::sum), BugError);
  EXPECT_THROW(static_cast<void>(all_reduce(comm, 1.0F, Reduce::sum)), BugError);
  barrier(comm);
}

INSTANTIATE_TEST_SUITE_P(message_limit, Collectives, testing::Values(1, 7, 8, 25, 64, std::size_t{1} << 30));

TEST(Communicator, of_this_rank_alone_has_size_one) {
  auto const self = Communicator::self();
  EXPECT_EQ(self.size(), 1);
  EXPECT_EQ(self.rank(), 0);
  EXPECT_EQ(all_reduce(self, test::world().rank(), Reduce::sum), test::world().rank());
}

TEST(Communicator, keeps_its_ranks_when_its_message_limit_changes) {
  auto const& comm = test::world();
  EXPECT_EQ(comm.message_limit(), std::size_t{1} << 30);
  auto const limited = comm.with_message_limit(5);
  EXPECT_EQ(limited.message_limit(), 5U);
  EXPECT_EQ(limited.rank(), comm.rank());
  EXPECT_EQ(limited.size(), comm.size());
  EXPECT_EQ(comm.message_limit(), std::size_t{1} << 30);
}

TEST(Communicator, refuses_messages_of_no_bytes) {
  EXPECT_THROW(static_cast<void>(test::world().with_message_limit(0)), BugError);
}

}  // namespace
}  // namespace tessera
