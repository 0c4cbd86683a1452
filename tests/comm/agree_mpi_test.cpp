// SPDX-License-Identifier: Apache-2.0
#include "tessera/comm/agree.hpp"
#include "tessera/comm/collectives.hpp"

#include <memory>
#include <new>
#include <string>
#include <vector>

#include "mpi/main.hpp"
#include <gtest/gtest.h>

namespace tessera {
namespace {

/// What every rank catches, and that all catch the same.
template <class Work>
Error failure_of(Communicator const& comm, Work&& work) {
  try {
    static_cast<void>(together(comm, work));
  } catch (Error const& error) {
    auto const own = static_cast<std::uint64_t>(std::hash<std::string>()(error.what()));
    EXPECT_EQ(all_reduce(comm, own, Reduce::minimum), all_reduce(comm, own, Reduce::maximum));
    return error;
  }
  return BugError("nothing was thrown");
}

TEST(Together, returns_each_ranks_own_result_when_nothing_fails) {
  auto const& comm = test::world();
  EXPECT_EQ(together(comm, [&] { return comm.rank() * 10; }), comm.rank() * 10);
  auto const owned = together(comm, [&] { return std::make_unique<int>(comm.rank()); });  // moved, not copied
  EXPECT_EQ(*owned, comm.rank());
  bool done = false;
  together(comm, [&] { done = true; });
  EXPECT_TRUE(done);
}

TEST(Together, throws_the_error_of_the_last_rank_on_every_rank) {
  auto const& comm = test::world();
  int const failing = comm.size() - 1;
  auto const error = failure_of(comm, [&] {
    if (comm.rank() == failing)
      throw InputError("record 7", "it has no end", "quote it " + std::string(5000, '.'));
    return 1;
  });
  EXPECT_EQ(error.code(), ExitCode::input);
  EXPECT_EQ(error.what_is_wrong(), "record 7");
  EXPECT_EQ(error.why(), "it has no end");
  EXPECT_EQ(error.remedy(), "quote it " + std::string(5000, '.'));
}

TEST(Together, throws_the_error_of_the_lowest_failing_rank) {
  auto const& comm = test::world();
  int const lowest = comm.size() > 1 ? 1 : 0;
  auto const error = failure_of(comm, [&] {
    if (comm.rank() >= lowest) throw ConfigurationError("rank " + std::to_string(comm.rank()), "", "");
  });
  EXPECT_EQ(error.code(), ExitCode::configuration);
  EXPECT_EQ(error.what_is_wrong(), "rank " + std::to_string(lowest));
  EXPECT_EQ(error.why(), "");
}

TEST(Together, turns_foreign_exceptions_into_errors_with_their_exit_codes) {
  auto const& comm = test::world();
  auto const memory = failure_of(comm, [&] {
    if (comm.rank() == comm.size() - 1) throw std::bad_alloc();
    return std::string("fine");
  });
  EXPECT_EQ(memory.code(), ExitCode::resources);
  auto const foreign = failure_of(comm, [&] { static_cast<void>(std::vector<int>().at(1)); });
  EXPECT_EQ(foreign.code(), ExitCode::bug);
}

TEST(Together, leaves_the_ranks_able_to_go_on) {
  auto const& comm = test::world();
  for (int i = 0; i < 20; ++i) {
    auto const error = failure_of(comm, [&] {
      if (comm.rank() == i % comm.size()) throw InputError(std::to_string(i), "", "");
    });
    EXPECT_EQ(error.what_is_wrong(), std::to_string(i));
  }
  EXPECT_EQ(all_reduce(comm, 1, Reduce::sum), comm.size());
}

TEST(Agree, is_silent_without_a_failure) {
  EXPECT_NO_THROW(agree(test::world(), std::nullopt));
}

/// Notes what `fails_alone` says in a destructor.
class Witness {
 public:
  Witness(Communicator const& comm, bool& alone) : comm_(comm), alone_(alone) {}
  ~Witness() { alone_ = fails_alone(comm_); }
  Witness(Witness const&) = delete;
  Witness& operator=(Witness const&) = delete;

 private:
  Communicator const& comm_;
  bool& alone_;
};

/// Whether a destructor that `failing` unwinds through is told that this rank fails alone.
template <class Work>
bool fails_alone_in(Communicator const& comm, Work&& failing) {
  bool alone = false;
  try {
    Witness const witness(comm, alone);
    failing();
  } catch (Error const&) {
    return alone;
  }
  return alone;
}

void fail() {
  throw InputError("record 7", "it has no end", "quote it");
}

TEST(FailsAlone, is_false_while_nothing_fails) {
  EXPECT_FALSE(fails_alone(test::world()));
  EXPECT_FALSE(fails_alone_in(test::world(), [] {}));
}

TEST(FailsAlone, is_false_for_a_failure_that_was_agreed) {
  auto const& comm = test::world();
  auto const agreed = [&] {
    together(comm, [&] {
      if (comm.rank() == comm.size() - 1) fail();
    });
  };
  EXPECT_FALSE(fails_alone_in(comm, agreed));
  EXPECT_FALSE(fails_alone_in(comm.with_message_limit(1), agreed));  // the same ranks
}

TEST(FailsAlone, is_true_for_any_other_failure_of_one_of_several_ranks) {
  auto const& comm = test::world();
  EXPECT_EQ(fails_alone_in(comm, fail), comm.size() > 1);
  EXPECT_EQ(fails_alone_in(comm, [] { together(Communicator::self(), fail); }), comm.size() > 1);
  EXPECT_FALSE(fails_alone_in(Communicator::self(), fail));
}

TEST(FailsAlone, forgets_an_agreed_failure_that_was_dealt_with) {
  auto const& comm = test::world();
  auto const kept = failure_of(comm, fail);
  EXPECT_EQ(fails_alone_in(comm, fail), comm.size() > 1);
  EXPECT_EQ(kept.code(), ExitCode::input);
}

}  // namespace
}  // namespace tessera
