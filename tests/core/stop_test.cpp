// SPDX-License-Identifier: Apache-2.0
#include "tessera/core/stop.hpp"

#include <csignal>

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

namespace tessera {
namespace {

/// What stop_requested() says in a process of its own once `ask` has been done there.
template <class Ask>
bool stops_after(Ask const& ask) {
  auto const child = ::fork();
  if (child == 0) {
    note_stop_signals();
    if (stop_requested()) ::_exit(2);
    ask();
    ::_exit(stop_requested() ? 1 : 0);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_TRUE(WIFEXITED(status));
  EXPECT_NE(WEXITSTATUS(status), 2);
  return WEXITSTATUS(status) == 1;
}

TEST(Stop, is_asked_for_by_the_signals_of_slurm_and_by_the_clock) {
  EXPECT_TRUE(stops_after([] { ::raise(SIGTERM); }));
  EXPECT_TRUE(stops_after([] { ::raise(SIGUSR1); }));
  EXPECT_TRUE(stops_after([] { request_stop(); }));
  EXPECT_TRUE(stops_after([] {
    request_stop_in(0);
    ::pause();
  }));
  EXPECT_FALSE(stops_after([] {}));
}

TEST(Stop, is_safe_to_requeue) {
  EXPECT_EQ(Interrupted().code(), ExitCode::interrupted);
}

}  // namespace
}  // namespace tessera
