// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <string>
#include <string_view>

/// What a plan has to know of a machine: jobs/machines/*.env, one "key = value" a line. `tessera
/// benchmark-node` measures most of it; without a file the values are those of generic.env.
namespace tessera::plan {

struct Machine {
  double cores_per_node = 64;
  double memory_per_node_gb = 256;
  // A dense iteration takes row + columns * value + k * centroid + columns * k * 2 / kernel_gflops for each
  // customer.
  double kernel_gflops = 80;
  double kernel_value_ns = 0.3;
  double kernel_centroid_ns = 0.05;
  double kernel_row_ns = 2;
  double move_value_ns = 2;
  double fma_peak_gflops = 110;
  double core_bandwidth_gbs = 12;
  double node_bandwidth_gbs = 200;
  double node_latency_us = 1;
  double node_link_gbs = 4;
  double network_latency_us = 2;
  double network_link_gbs = 12.5;
  double add_gbs = 8;
  double storage_gbs = 5;
  double parse_mbs = 180;
  double prepare_value_ns = 250;
  double rank_memory_mb = 40;
};

struct MachineKey {
  std::string_view name, unit, help;
  double Machine::*value;
  bool measured;  ///< by `tessera benchmark-node`; other values are typical ones
};

/// In the order of the file.
[[nodiscard]] std::array<MachineKey, 19> const& machine_keys();

/// Local. Reads "key = value" lines; '#' starts a comment. `origin` names the file in messages. Throws
/// ConfigurationError for an unknown, repeated or missing key and for a value that is not a positive number.
[[nodiscard]] Machine parse_machine(std::string const& text, std::string const& origin);

/// Local. The text of a machine's file; `about`: a comment on its first line.
[[nodiscard]] std::string format_machine(Machine const& machine, std::string_view about);

}  // namespace tessera::plan
