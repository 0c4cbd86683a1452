// SPDX-License-Identifier: Apache-2.0
#include "tessera/comm/work_queue.hpp"

#include "tessera/comm/native.hpp"

#include "metered.hpp"
#include "own.hpp"
#include <mpi.h>

namespace tessera {

struct WorkQueue::State {
  std::uint64_t units = 0;
  std::uint64_t alone = 0;  ///< the counter of a single rank
  detail::OwnWindow window;

  explicit State(Communicator const& comm) : window(comm) {}
  std::uint64_t add(std::uint64_t step) {
    if (!window) {
      auto const before = alone;
      alone += step;
      return before;
    }
    detail::Metered const metered(window.among());
    std::uint64_t before = 0;
    MPI_Fetch_and_op(&step, &before, MPI_UINT64_T, 0, 0, MPI_SUM, window.get());
    MPI_Win_flush(0, window.get());
    return before;
  }
};

WorkQueue::WorkQueue(Communicator const& comm, std::uint64_t units) : state_(new State(comm)) {
  state_->units = units;
  if (comm.size() == 1) return;
  void* memory = nullptr;
  MPI_Aint const bytes = comm.rank() == 0 ? sizeof(std::uint64_t) : 0;
  MPI_Win_allocate(bytes, sizeof(std::uint64_t), MPI_INFO_NULL, native(comm), &memory,
                   state_->window.receive());
  state_->window.open(0);
  if (comm.rank() == 0) {
    std::uint64_t const zero = 0;
    MPI_Put(&zero, 1, MPI_UINT64_T, 0, 0, 1, MPI_UINT64_T, state_->window.get());
    MPI_Win_flush(0, state_->window.get());
  }
  MPI_Barrier(native(comm));
}

WorkQueue::~WorkQueue() = default;

std::optional<std::uint64_t> WorkQueue::next() {
  auto const number = state_->add(1);
  if (number >= state_->units) return std::nullopt;
  return number;
}

void WorkQueue::stop() {
  state_->add(std::uint64_t{1} << 40);  // for a million ranks without overflow
}

}  // namespace tessera
