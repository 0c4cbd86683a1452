// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/comm/communicator.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

/// Memory that the ranks of a node share, so that what all of them read is there once (MPI-3 shared windows).
namespace tessera {

class NodeMemory {
 public:
  /// *Collective.* `bytes` on each node of `comm`, uninitialised; the same number on every rank. Throws
  /// ResourceError on all ranks where there is not enough memory.
  NodeMemory(Communicator const& comm, std::uint64_t bytes);
  /// *Collective.*
  ~NodeMemory();
  NodeMemory(NodeMemory&&) noexcept;
  NodeMemory& operator=(NodeMemory&&) = delete;

  /// Local. Aligned for any scalar.
  [[nodiscard]] std::span<std::byte> bytes() const noexcept;
  /// Local. One rank a node is: it writes what is written once.
  [[nodiscard]] bool is_writer() const noexcept;
  /// *Collective.* What was written on a node before is seen by all its ranks after.
  void publish() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// *Collective.* Ranks per node, the smallest over nodes.
[[nodiscard]] int ranks_per_node(Communicator const& comm);

/// *Collective.* The values of all ranks, once on each node, in an order that is not defined.
[[nodiscard]] NodeMemory gather_on_nodes(Communicator const& comm, std::span<std::uint32_t const> values);

}  // namespace tessera
