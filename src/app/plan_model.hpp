// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "plan_machine.hpp"
#include "plan_network.hpp"
#include "plan_workload.hpp"

/// What a job will need before it is submitted: pure arithmetic from the size of the job, the shape it runs
/// in and the rates of the machine.
namespace tessera::plan {

struct Stage {
  std::string name;
  double bytes = 0;    ///< on the fullest rank, while it runs
  double seconds = 0;  ///< on the slowest rank
};

/// One iteration of one model.
struct Iteration {
  std::uint64_t k = 0;
  double flop = 0;           ///< of the fullest rank
  double message_bytes = 0;  ///< k * (columns + 1) integers
  AllReduceCost all_reduce;
  double compute_seconds = 0;
  [[nodiscard]] double seconds() const noexcept { return compute_seconds + all_reduce.seconds; }
};

struct Prediction {
  double rows_per_rank = 0;  ///< of the fullest rank: whole blocks
  double rank_bytes = 0;     ///< the largest of the stages
  double node_bytes = 0;
  bool memory_suffices = true;
  std::uint64_t nodes_needed = 1;  ///< for that memory, with as many ranks a node
  double input_bytes = 0, result_bytes = 0;
  std::vector<Iteration> iterations;  ///< one for each k
  std::vector<Stage> stages;
  double seconds = 0;  ///< of the whole run; itemsets and rules, which depend on the data, are left out
};

/// Local. Every iteration is dense: pruning only makes it shorter.
[[nodiscard]] Prediction predict(Workload const& workload, Layout const& layout, Machine const& machine);

}  // namespace tessera::plan
