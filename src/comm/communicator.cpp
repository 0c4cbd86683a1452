// SPDX-License-Identifier: Apache-2.0
#include "tessera/comm/communicator.hpp"

#include "tessera/comm/native.hpp"
#include "tessera/core/error.hpp"

#include <chrono>
#include <cstdlib>
#include <thread>
#include <utility>

#include "state.hpp"
#include <boost/mpi/environment.hpp>

namespace tessera {

Communicator::Communicator(std::shared_ptr<detail::CommunicatorState const> state)
    : state_(std::move(state)) {}

Communicator Communicator::self() {
  return Communicator(std::make_shared<detail::CommunicatorState>(
      detail::CommunicatorState{.mpi = boost::mpi::communicator(MPI_COMM_SELF, boost::mpi::comm_attach)}));
}

int Communicator::rank() const noexcept {
  return state_->mpi.rank();
}
int Communicator::size() const noexcept {
  return state_->mpi.size();
}

Communicator Communicator::with_message_limit(std::size_t bytes) const {
  if (bytes == 0) throw BugError("messages of at most 0 bytes");
  auto state = std::make_shared<detail::CommunicatorState>(*state_);
  state->message_limit = bytes;
  return Communicator(std::move(state));
}

std::size_t Communicator::message_limit() const noexcept {
  return state_->message_limit;
}

MPI_Comm native(Communicator const& comm) noexcept {
  return comm.state().mpi;
}

struct Session::Environment {
  // funneled: other threads (of a job's status) leave MPI to this one. abort_on_exception off: main decides
  // how a failure ends the job.
  Environment(int& argc, char**& argv) : mpi(argc, argv, boost::mpi::threading::funneled, false) {
    MPI_Comm_dup(MPI_COMM_WORLD, &rendezvous);
  }
  ~Environment() { MPI_Comm_free(&rendezvous); }
  Environment(Environment const&) = delete;
  Environment& operator=(Environment const&) = delete;

  boost::mpi::environment mpi;
  MPI_Comm rendezvous =
      MPI_COMM_NULL;  // of its own, so that a collective left half-way cannot be mistaken for it
};

namespace {

/// Without RDMA hardware Open MPI 4.1 would still choose osc/rdma over several hosts, and its
/// MPI_Fetch_and_op gives every rank the same number (seen with 4.1.4): WorkQueue would hand out work several
/// times.
void avoid_rdma_emulation() {
  ::setenv("OMPI_MCA_osc", "^rdma", 0);
}

}  // namespace

Session::Session(int& argc, char**& argv) {
  avoid_rdma_emulation();
  environment_ = std::make_unique<Environment>(argc, argv);
}
Session::~Session() = default;

Communicator Session::world() const {
  return Communicator(std::make_shared<detail::CommunicatorState>());
}

bool Session::all_arrive(double seconds) const {
  MPI_Request request = MPI_REQUEST_NULL;
  MPI_Ibarrier(environment_->rendezvous, &request);
  auto const deadline = std::chrono::steady_clock::now() + std::chrono::duration<double>(seconds);
  for (int arrived = 0;;) {
    MPI_Test(&request, &arrived, MPI_STATUS_IGNORE);
    if (arrived != 0) return true;
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
}

void Session::abort(int exit_code) const {
  boost::mpi::environment::abort(exit_code);
  std::_Exit(exit_code);
}

}  // namespace tessera
