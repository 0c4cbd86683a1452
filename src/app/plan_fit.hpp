// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>

#include "plan_machine.hpp"

/// From measured times to the rates of a machine.
namespace tessera::plan {

/// A dense iteration that was timed.
struct TimedIteration {
  std::uint64_t columns = 0, k = 0;
  double row_ns = 0;  ///< for each row
};

/// Local. Sets kernel_gflops, kernel_value_ns, kernel_centroid_ns and kernel_row_ns to what fits the times
/// best: least squares of the relative errors, no rate below zero.
void fit_kernel(std::span<TimedIteration const> times, Machine& machine);

/// A measured allreduce of a short and of a long message.
struct TimedAllReduce {
  std::uint64_t partners = 2;
  double short_seconds = 0;
  double long_bytes = 0, long_seconds = 0;
};

/// Latency and rate of the level that all partners communicate on.
struct Link {
  double latency_us = 0, gbs = 0;
};

/// Local. Inverts the model of plan_network for partners on one level. `add_gbs`: rate of adding messages.
[[nodiscard]] Link fit_link(TimedAllReduce const& times, double add_gbs);

}  // namespace tessera::plan
