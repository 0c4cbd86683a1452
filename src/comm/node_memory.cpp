// SPDX-License-Identifier: Apache-2.0
#include "tessera/comm/node_memory.hpp"

#include "tessera/comm/agree.hpp"
#include "tessera/comm/collectives.hpp"
#include "tessera/comm/native.hpp"
#include "tessera/core/narrow.hpp"

#include <algorithm>
#include <cstring>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "metered.hpp"
#include "own.hpp"
#include <mpi.h>

namespace tessera {

using detail::OwnComm;
using detail::OwnWindow;

namespace {

void split_by_node(Communicator const& comm, OwnComm& node) {
  MPI_Comm_split_type(native(comm), MPI_COMM_TYPE_SHARED, comm.rank(), MPI_INFO_NULL, node.receive());
}

}  // namespace

struct NodeMemory::State {
  explicit State(Communicator const& comm) : node(comm), window(comm) {}
  OwnComm node;
  OwnWindow window;
  std::vector<std::uint64_t> alone;  ///< the memory, where the node has one rank
  std::span<std::byte> bytes;
};

NodeMemory::NodeMemory(Communicator const& comm, std::uint64_t bytes) : state_(new State(comm)) {
  split_by_node(comm, state_->node);
  bool const shared = state_->node.size() > 1;
  together(comm, [&] {
    if (!shared) state_->alone.resize((bytes + 7) / 8);
  });
  if (!shared) {
    state_->bytes = std::as_writable_bytes(std::span(state_->alone)).first(bytes);
  }
  int failed = MPI_SUCCESS;
  if (shared) {
    MPI_Comm_set_errhandler(state_->node.get(), MPI_ERRORS_RETURN);
    void* mine = nullptr;
    auto const size = static_cast<MPI_Aint>(is_writer() ? bytes : 0);
    failed =
        MPI_Win_allocate_shared(size, 1, MPI_INFO_NULL, state_->node.get(), &mine, state_->window.receive());
    if (failed != MPI_SUCCESS) *state_->window.receive() = MPI_WIN_NULL;
  }
  together(comm, [&] {
    if (failed == MPI_SUCCESS) return;
    throw ResourceError(
        "the node has no " + std::to_string(bytes) + " bytes of memory to share among its ranks",
        "prepared data are kept once a node", "use more nodes or fewer data");
  });
  if (!shared) return;
  MPI_Aint size = 0;
  int unit = 0;
  void* start = nullptr;
  MPI_Win_shared_query(state_->window.get(), 0, &size, &unit, &start);
  state_->window.open(MPI_MODE_NOCHECK);
  state_->bytes = {static_cast<std::byte*>(start), bytes};
}

NodeMemory::~NodeMemory() = default;
NodeMemory::NodeMemory(NodeMemory&&) noexcept = default;

std::span<std::byte> NodeMemory::bytes() const noexcept {
  return state_->bytes;
}

bool NodeMemory::is_writer() const noexcept {
  return state_->node.rank() == 0;
}

void NodeMemory::publish() const {
  detail::Metered const metered(state_->node.among());
  if (state_->window) MPI_Win_sync(state_->window.get());
  MPI_Barrier(state_->node.get());
  if (state_->window) MPI_Win_sync(state_->window.get());
}

int ranks_per_node(Communicator const& comm) {
  OwnComm node(comm);
  split_by_node(comm, node);
  return all_reduce(comm, node.size(), Reduce::minimum);
}

NodeMemory gather_on_nodes(Communicator const& comm, std::span<std::uint32_t const> values) {
  OwnComm node(comm), writers(comm);
  split_by_node(comm, node);
  // Node by node, and within a node rank by rank.
  int leader = comm.rank();
  MPI_Bcast(&leader, 1, MPI_INT, 0, node.get());
  struct Share {
    int leader, rank;
    std::uint64_t count;
  };
  auto shares = all_gather(comm, Share{leader, comm.rank(), values.size()});
  std::sort(shares.begin(), shares.end(), [](Share const& a, Share const& b) {
    return std::pair(a.leader, a.rank) < std::pair(b.leader, b.rank);
  });
  std::uint64_t total = 0, mine_at = 0;
  for (auto const& share : shares) {
    if (share.rank == comm.rank()) mine_at = total;
    total += share.count;
  }
  NodeMemory memory(comm, total * sizeof(std::uint32_t));
  if (!values.empty())
    std::memcpy(memory.bytes().data() + mine_at * sizeof(std::uint32_t), values.data(), values.size_bytes());
  memory.publish();
  MPI_Comm_split(native(comm), memory.is_writer() ? 0 : MPI_UNDEFINED, comm.rank(), writers.receive());
  if (writers.get() != MPI_COMM_NULL && writers.size() > 1) {
    std::uint64_t at = 0;
    int root = 0;
    for (std::size_t first = 0; first < shares.size(); ++root) {
      std::uint64_t bytes = 0;
      std::size_t end = first;
      for (; end < shares.size() && shares[end].leader == shares[first].leader; ++end)
        bytes += shares[end].count * sizeof(std::uint32_t);
      for (std::uint64_t sent = 0; sent < bytes;) {
        auto const piece = std::min<std::uint64_t>(bytes - sent, comm.message_limit());
        detail::Metered const metered(comm, root == writers.rank() ? piece : 0, bytes);
        MPI_Bcast(memory.bytes().data() + at + sent, narrow<int>(piece), MPI_BYTE, root, writers.get());
        sent += piece;
      }
      at += bytes;
      first = end;
    }
  }
  memory.publish();
  return memory;
}

}  // namespace tessera
