// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>

/// The ranks that work together, and the scope in which MPI is alive.
namespace tessera {

namespace detail {
struct CommunicatorState;
}

/// A group of ranks: a cheap handle, passed to everything that communicates. A serial run is a group of one.
class Communicator {
 public:
  /// Local. This rank alone.
  [[nodiscard]] static Communicator self();

  [[nodiscard]] int rank() const noexcept;
  [[nodiscard]] int size() const noexcept;

  /// Local. The same ranks, with messages cut into pieces of at most `bytes` (default 1 GiB), so that tests
  /// can exercise the cutting with small data. Every rank must choose the same limit, 1 or more.
  [[nodiscard]] Communicator with_message_limit(std::size_t bytes) const;
  [[nodiscard]] std::size_t message_limit() const noexcept;

  [[nodiscard]] detail::CommunicatorState const& state() const noexcept { return *state_; }

 private:
  friend class Session;
  explicit Communicator(std::shared_ptr<detail::CommunicatorState const> state);
  std::shared_ptr<detail::CommunicatorState const> state_;
};

/// Starts MPI and ends it with its scope. One per process, in main.
class Session {
 public:
  Session(int& argc, char**& argv);
  ~Session();
  Session(Session const&) = delete;
  Session& operator=(Session const&) = delete;

  [[nodiscard]] Communicator world() const;

  /// Waits up to `seconds` for every rank to arrive here. True when all did: the failure is known to all, and
  /// each can return from main. False when this rank is alone with it; then only abort() ends the others.
  [[nodiscard]] bool all_arrive(double seconds) const;

  /// Local. Ends every rank of the job at once with this exit code: for failures that the other ranks cannot
  /// know of. Agreed failures return from main instead.
  [[noreturn]] void abort(int exit_code) const;

 private:
  struct Environment;
  std::unique_ptr<Environment> environment_;
};

}  // namespace tessera
