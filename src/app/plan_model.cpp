// SPDX-License-Identifier: Apache-2.0
#include "plan_model.hpp"

#include "tessera/data/placement.hpp"

#include <algorithm>
#include <cmath>

namespace tessera::plan {

namespace {

// What `cluster` holds for each customer beside the matrix (cluster/kmeans.hpp); a sweep keeps the labels,
// distances and margins of the best model so far as well.
constexpr double kModelBytes = 16;
constexpr double kAdvancingBytes = 8.25;  // a segment, a deadline, and its part of a block's deadline
constexpr double kPlacingBytes = 40;
// The last pass that measures distances, in dense iterations.
constexpr double kAssessIterations = 2;

/// What a start costs, in dense iterations (bench/kmeans_alone.py).
double start_iterations(KMeansInit init) {
  switch (init) {
    case KMeansInit::kmeans_parallel:
      return 5;
    case KMeansInit::kmeans_plus_plus:
      return 2;
    case KMeansInit::random:
    case KMeansInit::given:
      return 0;
  }
  return 0;
}

/// Rows of the fullest rank: ranks own whole blocks.
double fullest_rank(double customers, std::uint64_t ranks) {
  double const rows_in_block = std::min<double>(kRowsPerBlock, customers);
  double const blocks = std::ceil(customers / rows_in_block);
  return std::min(customers, std::ceil(blocks / static_cast<double>(ranks)) * rows_in_block);
}

Iteration iteration_of(Workload const& work, std::uint64_t k, double rows, Layout const& layout,
                       Machine const& machine) {
  Iteration out;
  out.k = k;
  auto const d = static_cast<double>(work.columns), centroids = static_cast<double>(k);
  out.flop = 2 * rows * d * centroids;
  // What reading costs a core that has the node to itself is in kernel_value_ns; its share of the node's
  // bandwidth is a floor: arithmetic hides behind reading then.
  double const wide = work.value_bytes / 4;  // a register holds fewer values, memory takes longer for each
  double const read_ns =
      work.value_bytes * d * static_cast<double>(layout.ranks_on_a_node()) / machine.node_bandwidth_gbs;
  double const assign_ns =
      machine.kernel_row_ns + wide * (d * machine.kernel_value_ns + centroids * machine.kernel_centroid_ns +
                                      2 * d * centroids / machine.kernel_gflops);
  double const row_ns = std::max(assign_ns, read_ns) + work.moved_share * d * machine.move_value_ns;
  out.compute_seconds = rows * row_ns * 1e-9;
  out.message_bytes = (centroids * (d + 1) + 1) * sizeof(std::int64_t);
  out.all_reduce = all_reduce_cost(machine, layout, out.message_bytes);
  return out;
}

/// Seconds of reading or writing so many bytes in all.
double storage_seconds(double bytes, Layout const& layout, Machine const& machine) {
  double const links = machine.network_link_gbs * static_cast<double>(layout.nodes());
  return bytes * 1e-9 / std::min(machine.storage_gbs, links);
}

std::vector<Stage> table_stages(Workload const& work, double rows, Layout const& layout,
                                Machine const& machine) {
  auto const d = static_cast<double>(work.columns), built = static_cast<double>(work.built_columns);
  double const text = work.input_bytes * rows;
  double const off_node = static_cast<double>(layout.nodes() - 1) / static_cast<double>(layout.nodes());
  double const travel = work.table_bytes * rows * static_cast<double>(layout.ranks_on_a_node()) * off_node;
  double const half =
      0.5 * 1e-9 * machine.prepare_value_ns * rows;  // one half places, the other makes features
  // Scores take the place of the features; besides them, they need a wider matrix while the other is there.
  double const widths = built + (d > built ? d : 0);
  double const matrix = work.columns > 0 ? rows * (work.value_bytes * widths + 2 * sizeof(double)) : 0;
  std::vector<Stage> out{{"read", rows * work.table_bytes,
                          std::max(text * 1e-6 / machine.parse_mbs,
                                   storage_seconds(work.input_bytes * work.customers, layout, machine))},
                         {"place", rows * (work.table_bytes + work.widest_column + kPlacingBytes),
                          half * work.table_columns + travel * 1e-9 / machine.network_link_gbs}};
  double const view = work.table_bytes + work.view_bytes;
  if (work.view_bytes > 0) out.push_back({"aggregate", rows * (view + work.accumulator_bytes), 0});
  out.push_back({"features", rows * (view + work.basket_bytes) + matrix, half * built});
  return out;
}

Stage cluster_stage(Workload const& work, Prediction const& so_far, double rows) {
  // A matrix that scores were put into keeps its room.
  auto const width = static_cast<double>(std::max(work.columns, work.built_columns));
  std::uint64_t const starts = work.init == KMeansInit::given ? 1 : work.restarts;
  std::uint64_t const models = work.k.size() * starts;
  auto const advancing = static_cast<double>(work.together == 0 ? models : std::min(work.together, models));
  double const model_bytes =
      std::max(kModelBytes + (work.k.size() > 1 ? kBestModelBytes : 0.0), kAdvancingBytes * advancing);
  Stage out{"kmeans", rows * (work.value_bytes * width + work.weight_bytes + model_bytes + work.basket_bytes),
            0};
  if (work.table_columns > 0) out.bytes += rows * kKeyBytes;
  for (auto const& iteration : so_far.iterations) {
    double const each_start = start_iterations(work.init) + static_cast<double>(work.iterations);
    out.seconds += iteration.seconds() * (static_cast<double>(starts) * each_start + kAssessIterations);
    out.bytes += 2 * iteration.message_bytes;
  }
  return out;
}

}  // namespace

Prediction predict(Workload const& work, Layout const& layout, Machine const& machine) {
  Prediction out;
  double const rows = out.rows_per_rank = fullest_rank(work.customers, layout.ranks);
  out.input_bytes = work.customers * work.input_bytes;
  out.result_bytes = work.customers * work.result_bytes;
  for (auto const k : work.k) out.iterations.push_back(iteration_of(work, k, rows, layout, machine));

  if (work.table_columns > 0) {
    out.stages = table_stages(work, rows, layout, machine);
  } else {
    out.stages = {{"read", rows * work.value_bytes * static_cast<double>(work.columns),
                   storage_seconds(out.input_bytes, layout, machine)}};
  }
  if (!work.k.empty()) out.stages.push_back(cluster_stage(work, out, rows));
  out.stages.push_back({"write", rows * (work.result_bytes + work.basket_bytes),
                        storage_seconds(out.result_bytes, layout, machine)});

  for (auto& stage : out.stages) {
    stage.bytes += machine.rank_memory_mb * 1e6;
    out.rank_bytes = std::max(out.rank_bytes, stage.bytes);
    out.seconds += stage.seconds;
  }
  out.node_bytes = out.rank_bytes * static_cast<double>(layout.ranks_on_a_node());
  double const room = machine.memory_per_node_gb * 1e9;
  out.memory_suffices = out.node_bytes <= room;
  out.nodes_needed = layout.nodes();
  if (!out.memory_suffices) {
    // Every rank brings its own memory along; the rest is shared out among more nodes.
    double const fixed = machine.rank_memory_mb * 1e6 * static_cast<double>(layout.ranks_on_a_node());
    double const shared = (out.node_bytes - fixed) * static_cast<double>(layout.nodes());
    out.nodes_needed = room > fixed ? static_cast<std::uint64_t>(std::ceil(shared / (room - fixed))) : 0;
  }
  return out;
}

}  // namespace tessera::plan
