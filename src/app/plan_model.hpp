// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/app/configuration.hpp"

#include <cstdint>
#include <string>
#include <vector>

#include "plan_machine.hpp"
#include "plan_network.hpp"

/// What a job will need before it is submitted: pure arithmetic from the size of the job, the shape it runs
/// in and the rates of the machine.
namespace tessera::plan {

/// The job. Bytes are those of one customer.
struct Workload {
  double customers = 0;
  std::uint64_t columns = 0;  ///< features, with every indicator that may come
  std::vector<std::uint64_t> k;
  std::uint64_t restarts = 1;
  std::uint64_t together = 0;      ///< models that advance at the same time; 0: all
  std::uint64_t iterations = 100;  ///< that a model is expected to take
  double moved_share = 0.03;       ///< of the customers, in an average iteration
  KMeansInit init = KMeansInit::kmeans_parallel;
  double value_bytes = 4;   ///< of the matrix: 8 in double, at half the rate
  double weight_bytes = 0;  ///< of a customer's weight

  double table_columns = 0;  ///< columns read; 0: a matrix is read directly
  double table_bytes = 0;    ///< of the table once it is read
  double widest_column = 0;  ///< its widest column, which is held twice while rows travel
  double input_bytes = 0;    ///< of text or of the matrix on disk
  double basket_bytes = 0;
  double result_bytes = 0;
  double mining_bytes = 0;  ///< that itemsets may take on each rank: a limit, not a prediction
};

/// Local. The job that a configuration describes. Where it names no customers' features there are no
/// segments.
[[nodiscard]] Workload workload_of(Configuration const& configuration, double customers);
/// Local. `tessera kmeans` on a matrix of values of 4 or 8 bytes.
[[nodiscard]] Workload workload_of_matrix(double customers, std::uint64_t columns,
                                          std::vector<std::uint64_t> k, double value_bytes = 4);

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
