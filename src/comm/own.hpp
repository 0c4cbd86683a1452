// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/comm/agree.hpp"
#include "tessera/comm/communicator.hpp"

#include <mpi.h>

/// MPI's handles, freed with their scope. Freeing is collective: a rank that fails alone leaves its handles
/// to the end of the job, because the others may be waiting elsewhere.
namespace tessera::detail {

class OwnComm {
 public:
  explicit OwnComm(Communicator const& among) : among_(among) {}
  ~OwnComm() {
    if (comm_ != MPI_COMM_NULL && !fails_alone(among_)) MPI_Comm_free(&comm_);
  }
  OwnComm(OwnComm const&) = delete;
  OwnComm& operator=(OwnComm const&) = delete;

  [[nodiscard]] MPI_Comm* receive() noexcept { return &comm_; }
  [[nodiscard]] MPI_Comm get() const noexcept { return comm_; }
  [[nodiscard]] Communicator const& among() const noexcept { return among_; }
  [[nodiscard]] int rank() const {
    int rank = 0;
    MPI_Comm_rank(comm_, &rank);
    return rank;
  }
  [[nodiscard]] int size() const {
    int size = 0;
    MPI_Comm_size(comm_, &size);
    return size;
  }

 private:
  Communicator among_;
  MPI_Comm comm_ = MPI_COMM_NULL;
};

/// Memory that other ranks reach, open to them from open() on.
class OwnWindow {
 public:
  explicit OwnWindow(Communicator const& among) : among_(among) {}
  ~OwnWindow() {
    if (window_ == MPI_WIN_NULL || fails_alone(among_)) return;
    if (open_) MPI_Win_unlock_all(window_);
    MPI_Win_free(&window_);
  }
  OwnWindow(OwnWindow const&) = delete;
  OwnWindow& operator=(OwnWindow const&) = delete;

  [[nodiscard]] MPI_Win* receive() noexcept { return &window_; }
  [[nodiscard]] MPI_Win get() const noexcept { return window_; }
  [[nodiscard]] Communicator const& among() const noexcept { return among_; }
  [[nodiscard]] explicit operator bool() const noexcept { return window_ != MPI_WIN_NULL; }
  void open(int assertions) {
    MPI_Win_lock_all(assertions, window_);
    open_ = true;
  }

 private:
  Communicator among_;
  MPI_Win window_ = MPI_WIN_NULL;
  bool open_ = false;
};

}  // namespace tessera::detail
