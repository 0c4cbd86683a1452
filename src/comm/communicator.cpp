// SPDX-License-Identifier: Apache-2.0
#include "tessera/comm/communicator.hpp"

#include <boost/mpi/environment.hpp>
#include <cstdlib>
#include <utility>

#include "state.hpp"
#include "tessera/comm/native.hpp"
#include "tessera/core/error.hpp"

namespace tessera {

Communicator::Communicator(std::shared_ptr<detail::CommunicatorState const> state) : state_(std::move(state)) {}

Communicator Communicator::self() {
  return Communicator(std::make_shared<detail::CommunicatorState>(detail::CommunicatorState{
      boost::mpi::communicator(MPI_COMM_SELF, boost::mpi::comm_attach), detail::kDefaultMessageLimit}));
}

int Communicator::rank() const noexcept { return state_->mpi.rank(); }
int Communicator::size() const noexcept { return state_->mpi.size(); }

Communicator Communicator::with_message_limit(std::size_t bytes) const {
  if (bytes == 0) throw BugError("messages of at most 0 bytes");
  auto state = std::make_shared<detail::CommunicatorState>(*state_);
  state->message_limit = bytes;
  return Communicator(std::move(state));
}

std::size_t Communicator::message_limit() const noexcept { return state_->message_limit; }

MPI_Comm native(Communicator const& comm) noexcept { return comm.state().mpi; }

struct Session::Environment {
  Environment(int& argc, char**& argv) : mpi(argc, argv, boost::mpi::threading::single, false) {}
  boost::mpi::environment mpi;
};

Session::Session(int& argc, char**& argv) : environment_(std::make_unique<Environment>(argc, argv)) {}
Session::~Session() = default;

Communicator Session::world() const {
  return Communicator(std::make_shared<detail::CommunicatorState>());
}

void Session::abort(int exit_code) const {
  boost::mpi::environment::abort(exit_code);
  std::_Exit(exit_code);
}

}  // namespace tessera
