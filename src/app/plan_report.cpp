// SPDX-License-Identifier: Apache-2.0
#include "plan_report.hpp"

#include <array>
#include <cmath>
#include <iterator>

#include "with_commas.hpp"
#include <fmt/format.h>

namespace tessera::plan {

namespace {

std::string bytes_in_words(double bytes) {
  constexpr std::array<char const*, 6> kUnits{"B", "kB", "MB", "GB", "TB", "PB"};
  std::size_t unit = 0;
  while (bytes >= 999.5 && unit + 1 < kUnits.size()) {
    bytes /= 1000;
    ++unit;
  }
  return fmt::format("{:.3g} {}", bytes, kUnits[unit]);
}

std::string seconds_in_words(double seconds) {
  if (seconds >= 3600) return fmt::format("{:.1f} h", seconds / 3600);
  if (seconds >= 300) return fmt::format("{:.0f} min", seconds / 60);
  if (seconds >= 1) return fmt::format("{:.1f} s", seconds);
  if (seconds >= 1e-3) return fmt::format("{:.3g} ms", seconds * 1e3);
  return fmt::format("{:.3g} us", seconds * 1e6);
}

std::string count_in_words(double count) {
  return with_commas(static_cast<std::uint64_t>(std::llround(count)));
}

}  // namespace

std::string describe(Workload const& work, Layout const& layout, Machine const& machine,
                     Prediction const& found) {
  std::string text;
  auto out = std::back_inserter(text);
  fmt::format_to(out, "{} customers, {} features, on {} ranks, {} a node: {} {}\n",
                 count_in_words(work.customers), work.columns, with_commas(layout.ranks),
                 layout.ranks_on_a_node(), with_commas(layout.nodes()),
                 layout.nodes() == 1 ? "node" : "nodes");
  fmt::format_to(out, "\nMemory       {} a rank (up to {} customers), {} of {} on a node\n",
                 bytes_in_words(found.rank_bytes), count_in_words(found.rows_per_rank),
                 bytes_in_words(found.node_bytes), bytes_in_words(machine.memory_per_node_gb * 1e9));
  fmt::format_to(out, "Files        {} read, {} written\n", bytes_in_words(found.input_bytes),
                 bytes_in_words(found.result_bytes));
  if (!found.iterations.empty()) {
    fmt::format_to(out, "\n{:>8} {:>12} {:>12} {:>12} {:>14} {:>10}  dense iteration\n", "k", "seconds",
                   "compute", "allreduce", "sent per rank", "GFLOP/s");
  }
  for (auto const& iteration : found.iterations) {
    fmt::format_to(out, "{:>8} {:>12} {:>12} {:>12} {:>14} {:>10.3g}  {}\n", iteration.k,
                   seconds_in_words(iteration.seconds()), seconds_in_words(iteration.compute_seconds),
                   seconds_in_words(iteration.all_reduce.seconds),
                   bytes_in_words(iteration.all_reduce.sent_bytes),
                   iteration.flop * 1e-9 / iteration.seconds(), iteration.all_reduce.algorithm);
  }
  fmt::format_to(out, "\n{:<12} {:>10} {:>14}\n", "stage", "at most", "memory a rank");
  for (auto const& stage : found.stages) {
    fmt::format_to(out, "{:<12} {:>10} {:>14}\n", stage.name, seconds_in_words(stage.seconds),
                   bytes_in_words(stage.bytes));
  }
  fmt::format_to(out, "{:<12} {:>10}\n", "all", seconds_in_words(found.seconds));
  if (!found.iterations.empty()) {
    fmt::format_to(out, "\nK-means: {} iterations a model, all dense; pruning makes them shorter.\n",
                   work.iterations);
  }
  if (work.other_tables > 0) {
    fmt::format_to(
        out,
        "Reading {} other {} is not in the times, which depend on their rows; a rank takes rounds of "
        "rows besides, and what distinct, gap and time_mean remember.\n",
        work.other_tables, work.other_tables == 1 ? "table" : "tables");
  }
  if (work.mining_bytes > 0) {
    fmt::format_to(
        out,
        "Itemsets and rules are not in this: their time depends on the data, their memory ends at {} a rank "
        "(itemsets.max_memory).\n",
        bytes_in_words(work.mining_bytes));
  }
  return text;
}

std::string to_json(Workload const& work, Layout const& layout, Prediction const& found) {
  std::string text;
  auto out = std::back_inserter(text);
  fmt::format_to(
      out,
      "{{\"customers\": {:.0f}, \"columns\": {}, \"ranks\": {}, \"nodes\": {}, \"rows_per_rank\": {:.0f},\n"
      " \"rank_bytes\": {:.0f}, \"node_bytes\": {:.0f}, \"memory_suffices\": {}, \"nodes_needed\": {},\n"
      " \"input_bytes\": {:.0f}, \"result_bytes\": {:.0f}, \"seconds\": {:.9g},\n \"iterations\": [",
      work.customers, work.columns, layout.ranks, layout.nodes(), found.rows_per_rank, found.rank_bytes,
      found.node_bytes, found.memory_suffices, found.nodes_needed, found.input_bytes, found.result_bytes,
      found.seconds);
  std::string_view separator;
  for (auto const& iteration : found.iterations) {
    fmt::format_to(
        out,
        "{}\n  {{\"k\": {}, \"seconds\": {:.9g}, \"compute_seconds\": {:.9g}, \"all_reduce_seconds\": "
        "{:.9g}, "
        "\"message_bytes\": {:.0f}, \"sent_bytes\": {:.0f}, \"flop\": {:.6g}, \"algorithm\": \"{}\"}}",
        separator, iteration.k, iteration.seconds(), iteration.compute_seconds, iteration.all_reduce.seconds,
        iteration.message_bytes, iteration.all_reduce.sent_bytes, iteration.flop,
        iteration.all_reduce.algorithm);
    separator = ",";
  }
  fmt::format_to(out, "],\n \"stages\": [");
  separator = "";
  for (auto const& stage : found.stages) {
    fmt::format_to(out, "{}\n  {{\"name\": \"{}\", \"seconds\": {:.9g}, \"bytes\": {:.0f}}}", separator,
                   stage.name, stage.seconds, stage.bytes);
    separator = ",";
  }
  fmt::format_to(out, "]}}\n");
  return text;
}

std::vector<std::string> warnings(Workload const& work, Layout const& layout, Machine const& machine,
                                  Prediction const& found) {
  std::vector<std::string> out;
  double const room = machine.memory_per_node_gb * 1e9;
  if (!found.memory_suffices) {
    out.push_back(fmt::format("a node has {} for jobs and would need {}: {}", bytes_in_words(room),
                              bytes_in_words(found.node_bytes),
                              found.nodes_needed == 0
                                  ? std::string("start fewer ranks a node")
                                  : fmt::format("take {} nodes ({} ranks)", with_commas(found.nodes_needed),
                                                with_commas(found.nodes_needed * layout.ranks_on_a_node()))));
  } else if (double const mining = work.mining_bytes * static_cast<double>(layout.ranks_on_a_node());
             found.node_bytes + mining > room) {
    out.push_back(fmt::format(
        "itemsets may take up to {} on a node that has {} left: set itemsets.max_memory to {} or less",
        bytes_in_words(mining), bytes_in_words(room - found.node_bytes),
        bytes_in_words((room - found.node_bytes) / static_cast<double>(layout.ranks_on_a_node()))));
  }
  if (work.customers < static_cast<double>(layout.ranks) * kRowsPerBlock) {
    out.push_back(fmt::format("{} customers make {} blocks: most of {} ranks would have nothing to do",
                              count_in_words(work.customers),
                              count_in_words(std::ceil(work.customers / kRowsPerBlock)),
                              with_commas(layout.ranks)));
  }
  return out;
}

}  // namespace tessera::plan
