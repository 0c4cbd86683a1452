// SPDX-License-Identifier: Apache-2.0
#include "mpi/main.hpp"

#include "tessera/comm/collectives.hpp"

#include <iostream>
#include <memory>
#include <optional>

#include <gtest/gtest.h>

namespace tessera::test {

namespace {
std::optional<Communicator> world_communicator;
}

Communicator const& world() {
  return *world_communicator;
}

}  // namespace tessera::test

/// Read by AddressSanitizer where the tests are built with it. Open MPI leaks in modules that it unloads, so
/// that the leaks cannot be told from ours by name; tests that need no MPI (core, kernel) do look for leaks.
extern "C" char const* __asan_default_options() {
  return "detect_leaks=0";
}

/// Every rank runs every test; the highest exit code of all ranks is the exit code of each. Rank 0 prints,
/// and the others only what fails.
int main(int argc, char** argv) {
  tessera::Session session(argc, argv);
  tessera::test::world_communicator = session.world();
  auto const& comm = tessera::test::world();
  testing::InitGoogleTest(&argc, argv);
  bool const listing = testing::GTEST_FLAG(list_tests);
  if (comm.rank() != 0) {
    class FailuresOnly : public testing::EmptyTestEventListener {
      void OnTestPartResult(testing::TestPartResult const& result) override {
        if (!result.failed()) return;
        std::cerr << "rank " << tessera::test::world().rank() << ": "
                  << (result.file_name() ? result.file_name() : "") << ":" << result.line_number() << ": "
                  << result.message() << std::endl;
      }
    };
    auto& listeners = testing::UnitTest::GetInstance()->listeners();
    delete listeners.Release(listeners.default_result_printer());
    listeners.Append(new FailuresOnly);
  }
  int failed = RUN_ALL_TESTS();
  if (!listing && testing::UnitTest::GetInstance()->test_to_run_count() == 0) {
    std::cerr << "no test was found to run\n";
    failed = 1;
  }
  return tessera::all_reduce(comm, failed, tessera::Reduce::maximum);
}
