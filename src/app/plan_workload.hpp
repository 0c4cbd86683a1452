// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/app/configuration.hpp"

#include <cstdint>
#include <vector>

/// How much there is to do: the size of a job, told from its configuration.
namespace tessera::plan {

/// Bytes a customer of the key, and of segment, distance and margin.
inline constexpr double kKeyBytes = 16, kBestModelBytes = 12;

/// The job. Bytes are those of one customer.
struct Workload {
  double customers = 0;
  std::uint64_t columns = 0;        ///< of the matrix that is clustered, with every indicator that may come
  std::uint64_t built_columns = 0;  ///< of the matrix of features, which a reduction starts from
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
  std::uint64_t other_tables = 0;
  double view_bytes = 0;         ///< columns made of other tables' rows, and derived ones
  double accumulator_bytes = 0;  ///< while the rows of another table are folded
  double input_bytes = 0;        ///< of text or of the matrix on disk
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

}  // namespace tessera::plan
