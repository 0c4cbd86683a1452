// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

#include "plan_machine.hpp"

/// What an allreduce costs by an alpha-beta-gamma model on two levels, ranks of a node and nodes: a message
/// of m bytes takes alpha + m beta, adding one to another m gamma. Thakur, Rabenseifner and Gropp,
/// "Optimization of collective communication operations in MPICH", 2005, section 4.5: recursive doubling for
/// short messages, Rabenseifner's reduce-scatter and allgather for long ones. MPI chooses by length; here the
/// cheaper one counts.
namespace tessera::plan {

struct Layout {
  std::uint64_t ranks = 1;
  std::uint64_t ranks_per_node = 1;  ///< at most; the last node may have fewer

  [[nodiscard]] std::uint64_t nodes() const noexcept { return (ranks + ranks_per_node - 1) / ranks_per_node; }
  [[nodiscard]] std::uint64_t ranks_on_a_node() const noexcept {
    return ranks < ranks_per_node ? ranks : ranks_per_node;
  }
};

struct AllReduceCost {
  double seconds = 0;
  double sent_bytes = 0;  ///< by each rank
  std::string_view algorithm = "none";
};

/// Local. Both of the model's algorithms, and the cheaper of them.
[[nodiscard]] AllReduceCost recursive_doubling(Machine const& machine, Layout const& layout, double bytes);
[[nodiscard]] AllReduceCost reduce_scatter_allgather(Machine const& machine, Layout const& layout,
                                                     double bytes);
[[nodiscard]] AllReduceCost all_reduce_cost(Machine const& machine, Layout const& layout, double bytes);

}  // namespace tessera::plan
