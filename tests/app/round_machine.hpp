// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "../src/app/plan_machine.hpp"

/// A machine for plans that are computed by hand.
namespace tessera::plan::test {

/// Rates that make sums easy to do by hand.
inline Machine round_machine() {
  Machine out;
  out.cores_per_node = 4;
  out.memory_per_node_gb = 1;
  out.kernel_gflops = 2;  // 1 ns a column and centroid
  out.kernel_value_ns = 1;
  out.kernel_centroid_ns = 1;
  out.kernel_row_ns = 1;
  out.move_value_ns = 0;
  out.core_bandwidth_gbs = 10;
  out.node_bandwidth_gbs = 40;
  out.node_latency_us = 1;
  out.node_link_gbs = 1;
  out.network_latency_us = 10;
  out.network_link_gbs = 1;
  out.add_gbs = 1;
  out.rank_memory_mb = 0;
  return out;
}

}  // namespace tessera::plan::test
