// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/comm/communicator.hpp"

#include <cstdint>
#include <memory>
#include <optional>

/// Work handed out to whoever is free: a counter that all ranks take numbers from without waiting for each
/// other. Which rank gets what depends on time, so results must not depend on who did the work.
namespace tessera {

class WorkQueue {
 public:
  /// *Collective.* Numbers 0 ... units - 1.
  WorkQueue(Communicator const& comm, std::uint64_t units);
  /// *Collective.*
  ~WorkQueue();
  WorkQueue(WorkQueue const&) = delete;
  WorkQueue& operator=(WorkQueue const&) = delete;

  /// Local. The next number that nobody has; none when all are given out.
  [[nodiscard]] std::optional<std::uint64_t> next();
  /// Local. Nobody gets any more.
  void stop();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tessera
