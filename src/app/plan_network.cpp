// SPDX-License-Identifier: Apache-2.0
#include "plan_network.hpp"

#include <bit>

namespace tessera::plan {

namespace {

/// One of the two levels: so many partners, what a message between them costs, and how many ranks share it.
struct Level {
  std::uint64_t partners;
  double latency, seconds_per_byte;

  /// Pairwise steps, the exchange with the partners above the largest power of two aside.
  [[nodiscard]] double steps() const { return static_cast<double>(std::bit_width(partners) - 1); }
  [[nodiscard]] bool has_extra_step() const { return !std::has_single_bit(partners); }
  /// Those beyond a power of two hand over their message first and get the result last.
  [[nodiscard]] double extra(double bytes, double add) const {
    return has_extra_step() ? 2 * (latency + bytes * seconds_per_byte) + bytes * add : 0.0;
  }
};

Level within_node(Machine const& machine, Layout const& layout) {
  return {layout.ranks_on_a_node(), machine.node_latency_us * 1e-6, 1e-9 / machine.node_link_gbs};
}

/// All ranks of a node send through its one link at once.
Level between_nodes(Machine const& machine, Layout const& layout) {
  return {layout.nodes(), machine.network_latency_us * 1e-6,
          1e-9 / machine.network_link_gbs * static_cast<double>(layout.ranks_on_a_node())};
}

}  // namespace

AllReduceCost recursive_doubling(Machine const& machine, Layout const& layout, double bytes) {
  double const add = 1e-9 / machine.add_gbs;
  AllReduceCost out{0, 0, "recursive doubling"};
  for (Level const& level : {within_node(machine, layout), between_nodes(machine, layout)}) {
    out.seconds +=
        level.steps() * (level.latency + bytes * (level.seconds_per_byte + add)) + level.extra(bytes, add);
    out.sent_bytes += bytes * (level.steps() + (level.has_extra_step() ? 1 : 0));
  }
  return out;
}

AllReduceCost reduce_scatter_allgather(Machine const& machine, Layout const& layout, double bytes) {
  double const add = 1e-9 / machine.add_gbs;
  AllReduceCost out{0, 0, "reduce-scatter and allgather"};
  double share =
      bytes;  // of the message that a rank still works on; halved at every step, the farthest first
  for (Level const& level : {between_nodes(machine, layout), within_node(machine, layout)}) {
    double const left = share / static_cast<double>(std::bit_floor(level.partners));
    double const sent = share - left;
    out.seconds += 2 * (level.steps() * level.latency + sent * level.seconds_per_byte) + sent * add +
                   level.extra(share, add);
    out.sent_bytes += 2 * sent + (level.has_extra_step() ? share : 0);
    share = left;
  }
  return out;
}

AllReduceCost all_reduce_cost(Machine const& machine, Layout const& layout, double bytes) {
  if (layout.ranks <= 1) return {};
  auto const short_way = recursive_doubling(machine, layout, bytes);
  auto const long_way = reduce_scatter_allgather(machine, layout, bytes);
  return short_way.seconds <= long_way.seconds ? short_way : long_way;
}

}  // namespace tessera::plan
