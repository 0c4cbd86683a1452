// SPDX-License-Identifier: Apache-2.0
#include "tessera/core/error.hpp"

#include <cmath>
#include <fstream>
#include <sstream>

#include "../src/app/plan_fit.hpp"
#include "../src/app/plan_machine.hpp"
#include "../src/app/plan_model.hpp"
#include "../src/app/plan_network.hpp"
#include "../src/app/plan_report.hpp"
#include <gtest/gtest.h>

namespace tessera::plan {
namespace {

/// Rates that make sums easy to do by hand.
Machine round_machine() {
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

std::string refusal(std::string const& text) {
  try {
    static_cast<void>(parse_machine(text, "m.env"));
  } catch (ConfigurationError const& error) {
    return error.what_is_wrong() + " / " + error.remedy();
  }
  return "accepted";
}

TEST(PlanMachine, reads_back_what_it_writes) {
  Machine const machine = round_machine();
  auto const text = format_machine(machine, "a test");
  auto const back = parse_machine(text, "m.env");
  for (auto const& key : machine_keys()) EXPECT_EQ(back.*(key.value), machine.*(key.value)) << key.name;
}

TEST(PlanMachine, the_defaults_are_those_of_the_generic_file) {
  std::ifstream file(TESSERA_SOURCE_DIR "/jobs/machines/generic.env");
  std::ostringstream text;
  text << file.rdbuf();
  auto const generic = parse_machine(text.str(), "generic.env");
  for (auto const& key : machine_keys()) EXPECT_EQ(generic.*(key.value), Machine().*(key.value)) << key.name;
}

TEST(PlanMachine, refuses_what_it_does_not_understand) {
  auto const good = format_machine(round_machine(), "a test");
  EXPECT_NE(refusal(good + "add_gb = 3\n").find("did you mean add_gbs"), std::string::npos);
  EXPECT_NE(refusal(good + "add_gbs = 3\n").find("add_gbs is set twice"), std::string::npos);
  EXPECT_NE(refusal(good + "hello\n").find("\"hello\""), std::string::npos);
  EXPECT_NE(refusal("add_gbs = fast\n").find("m.env:1: add_gbs = fast"), std::string::npos);
  EXPECT_NE(refusal("add_gbs = -1\n").find("add_gbs = -1"), std::string::npos);
  EXPECT_NE(refusal("add_gbs = 1\n").find("is missing"), std::string::npos);
  auto stalled = round_machine();
  stalled.network_link_gbs = 0;
  EXPECT_NE(refusal(format_machine(stalled, "a test")).find("network_link_gbs = 0"), std::string::npos);
}

TEST(PlanNetwork, follows_the_formulas_of_the_paper_on_one_level) {
  Machine const machine = round_machine();
  Layout const eight_nodes{8, 1};
  double const m = 1000, byte = 1e-9, latency = 10e-6;
  EXPECT_DOUBLE_EQ(recursive_doubling(machine, eight_nodes, m).seconds, 3 * (latency + 2 * m * byte));
  EXPECT_DOUBLE_EQ(recursive_doubling(machine, eight_nodes, m).sent_bytes, 3 * m);
  EXPECT_DOUBLE_EQ(reduce_scatter_allgather(machine, eight_nodes, m).seconds,
                   2 * 3 * latency + (2 + 1) * m * byte * 7 / 8);
  EXPECT_DOUBLE_EQ(reduce_scatter_allgather(machine, eight_nodes, m).sent_bytes, 2 * m * 7 / 8);
}

TEST(PlanNetwork, chooses_by_length) {
  Machine const machine = round_machine();
  EXPECT_EQ(all_reduce_cost(machine, {16, 1}, 8).algorithm, "recursive doubling");
  EXPECT_EQ(all_reduce_cost(machine, {16, 1}, 1e7).algorithm, "reduce-scatter and allgather");
  EXPECT_EQ(all_reduce_cost(machine, {1, 1}, 1e7).seconds, 0);
}

TEST(PlanNetwork, the_ranks_of_a_node_share_its_link) {
  Machine machine = round_machine();
  machine.node_latency_us = 0;
  machine.add_gbs = machine.node_link_gbs = 1e9;
  double const m = 1e6;
  EXPECT_NEAR(recursive_doubling(machine, {8, 4}, m).seconds, 10e-6 + 4 * m * 1e-9, 1e-9);
  EXPECT_NEAR(recursive_doubling(machine, {2, 1}, m).seconds, 10e-6 + m * 1e-9, 1e-9);
}

TEST(PlanNetwork, ranks_beyond_a_power_of_two_cost_an_extra_step) {
  Machine const machine = round_machine();
  for (double const m : {8.0, 1e4, 1e7}) {
    EXPECT_GT(all_reduce_cost(machine, {9, 1}, m).seconds, all_reduce_cost(machine, {8, 1}, m).seconds);
  }
}

TEST(PlanModel, an_iteration_by_hand) {
  auto const work = workload_of_matrix(2048, 3, {5});
  auto const found = predict(work, {2, 2}, round_machine());
  ASSERT_EQ(found.iterations.size(), 1U);
  auto const& iteration = found.iterations.front();
  EXPECT_EQ(found.rows_per_rank, 1024);
  EXPECT_DOUBLE_EQ(iteration.compute_seconds, 1024 * (1 + 3 + 5 + 3 * 5) * 1e-9);
  EXPECT_EQ(iteration.message_bytes, (5 * 4 + 1) * 8);
  EXPECT_DOUBLE_EQ(iteration.flop, 2 * 1024 * 3 * 5);
  EXPECT_DOUBLE_EQ(iteration.all_reduce.seconds, 1e-6 + 2 * 168e-9);
}

TEST(PlanModel, double_takes_twice_the_memory_and_the_arithmetic) {
  auto const single = predict(workload_of_matrix(1024 * 100, 40, {20}), {1, 1}, round_machine());
  auto const twice = predict(workload_of_matrix(1024 * 100, 40, {20}, 8), {1, 1}, round_machine());
  EXPECT_EQ(twice.input_bytes, 2 * single.input_bytes);
  EXPECT_DOUBLE_EQ(twice.rank_bytes - single.rank_bytes, 1024 * 100 * 160.0);
  // The row's own nanosecond does not depend on the precision.
  EXPECT_DOUBLE_EQ(twice.iterations.front().compute_seconds,
                   2 * single.iterations.front().compute_seconds - 1024 * 100 * 1e-9);
}

TEST(PlanModel, weights_and_starts_count) {
  auto const work_of = [](std::string const& keys) {
    return workload_of(parse_configuration("[run]\nname = \"small\"\n[[table]]\nname = \"customers\"\n"
                                           "path = \"customers.csv\"\n[table.column.age]\ntype = \"int\"\n"
                                           "[table.column.value]\ntype = \"float\"\n[[feature]]\n"
                                           "column = \"age\"\n[kmeans]\nk = [2]\n" +
                                               keys,
                                           "small.toml", {}),
                       1e6);
  };
  auto const plain = work_of("");
  EXPECT_EQ(plain.weight_bytes, 0);
  EXPECT_EQ(work_of("weight = \"value\"\n").weight_bytes, 4 + 8);
  EXPECT_EQ(work_of("weight = \"value\"\nprecision = \"double\"\n").weight_bytes, 8 + 8);
  auto const seconds = [](Workload const& work) { return predict(work, {1, 1}, round_machine()).seconds; };
  EXPECT_LT(seconds(work_of("init = \"random\"\n")), seconds(work_of("init = \"kmeans++\"\n")));
  EXPECT_LT(seconds(work_of("init = \"kmeans++\"\n")), seconds(plain));
  EXPECT_LT(seconds(plain), seconds(work_of("precision = \"double\"\n")));
}

TEST(PlanModel, cores_that_share_a_slow_memory_wait_for_it) {
  Machine machine = round_machine();
  auto const work = workload_of_matrix(1024 * 64, 4, {2});
  double const alone = predict(work, {1, 1}, machine).iterations.front().compute_seconds;
  machine.node_bandwidth_gbs = 2;  // 32 ns a row for four cores, where arithmetic takes 15
  EXPECT_DOUBLE_EQ(predict(work, {1, 1}, machine).iterations.front().compute_seconds, alone);
  EXPECT_DOUBLE_EQ(predict(work, {4, 4}, machine).iterations.front().compute_seconds, 1024 * 16 * 32e-9);
}

TEST(PlanModel, ranks_own_whole_blocks) {
  auto const rows = [](double customers, std::uint64_t ranks) {
    return predict(workload_of_matrix(customers, 1, {1}), {ranks, 1}, Machine()).rows_per_rank;
  };
  EXPECT_EQ(rows(10, 4), 10);
  EXPECT_EQ(rows(1025, 2), 1024);
  EXPECT_EQ(rows(1e9, 1000), std::ceil(976563 / 1000.0) * 1024);
}

TEST(PlanModel, memory_is_the_matrix_and_sixteen_bytes_a_customer) {
  auto const found = predict(workload_of_matrix(1024 * 100, 40, {20}), {1, 1}, round_machine());
  EXPECT_NEAR(found.rank_bytes, 1024 * 100 * (160.0 + 16), 2 * 8 * (20 * 41 + 1));
  EXPECT_TRUE(found.memory_suffices);
}

TEST(PlanModel, tells_how_many_nodes_the_memory_of_a_job_wants) {
  auto const work = workload_of_matrix(1e9, 40, {20});
  auto const found = predict(work, {4, 4}, round_machine());
  EXPECT_FALSE(found.memory_suffices);
  auto const enough = predict(work, {4 * found.nodes_needed, 4}, round_machine());
  EXPECT_TRUE(enough.memory_suffices);
  EXPECT_FALSE(predict(work, {4 * (found.nodes_needed - 2), 4}, round_machine()).memory_suffices);
  auto const warned = warnings(work, {4, 4}, round_machine(), found);
  ASSERT_EQ(warned.size(), 1U);
  EXPECT_NE(warned.front().find("take 177 nodes (708 ranks)"), std::string::npos) << warned.front();
}

TEST(PlanModel, more_ranks_never_make_an_iteration_compute_longer) {
  auto const work = workload_of_matrix(1e8, 40, {20});
  double before = INFINITY;
  for (std::uint64_t ranks = 1; ranks <= 4096; ranks *= 2) {
    double const now = predict(work, {ranks, 1}, Machine()).iterations.front().compute_seconds;
    EXPECT_LT(now, before);
    before = now;
  }
}

TEST(PlanModel, a_configuration_says_how_much_there_is_to_do) {
  auto const configuration = parse_configuration(R"(
[run]
name = "small"
[[table]]
name = "customers"
path = "customers.csv"
key = "id"
[table.column.age]
type = "int"
[table.column.job]
type = "category"
[[feature]]
column = "age"
indicator = true
[kmeans]
k = [2, 3]
restarts = 4
max_iterations = 30
[items]
columns = ["job"]
)",
                                                 "small.toml", {});
  auto const work = workload_of(configuration, 1e6);
  EXPECT_EQ(work.columns, 2U);
  EXPECT_EQ(work.k, (std::vector<std::uint64_t>{2, 3}));
  EXPECT_EQ(work.iterations, 30U);
  EXPECT_EQ(work.table_bytes, 16 + 8 + 4);
  EXPECT_EQ(work.basket_bytes, 8 + 4);
  auto const found = predict(work, {2, 2}, Machine());
  ASSERT_EQ(found.stages.size(), 5U);
  EXPECT_EQ(found.result_bytes, 28e6);
  double total = 0;
  for (auto const& stage : found.stages) total += stage.seconds;
  EXPECT_DOUBLE_EQ(found.seconds, total);
}

TEST(PlanFit, finds_the_rates_that_times_were_made_from) {
  std::vector<TimedIteration> times;
  for (std::uint64_t const d : {8U, 20U, 60U}) {
    for (std::uint64_t const k : {5U, 20U, 100U}) {
      auto const columns = static_cast<double>(d), centroids = static_cast<double>(k);
      times.push_back({d, k, 3 + 0.5 * columns + 0.1 * centroids + 2.0 / 50 * columns * centroids});
    }
  }
  Machine machine;
  fit_kernel(times, machine);
  EXPECT_NEAR(machine.kernel_row_ns, 3, 1e-6);
  EXPECT_NEAR(machine.kernel_value_ns, 0.5, 1e-6);
  EXPECT_NEAR(machine.kernel_centroid_ns, 0.1, 1e-6);
  EXPECT_NEAR(machine.kernel_gflops, 50, 1e-4);
}

TEST(PlanFit, no_rate_is_negative) {
  std::vector<TimedIteration> const times{{8, 5, 10}, {8, 100, 9}, {60, 5, 30}, {60, 100, 500}, {20, 20, 35}};
  Machine machine;
  fit_kernel(times, machine);
  EXPECT_GE(machine.kernel_row_ns, 0);
  EXPECT_GE(machine.kernel_value_ns, 0);
  EXPECT_GE(machine.kernel_centroid_ns, 0);
  EXPECT_GT(machine.kernel_gflops, 0);
}

TEST(PlanFit, a_link_is_found_back_from_the_model_s_own_times) {
  Machine const machine = round_machine();
  for (std::uint64_t const partners : {2U, 4U, 64U}) {
    Layout const layout{partners, 1};
    double const bytes = 1 << 20;
    TimedAllReduce const times{partners, recursive_doubling(machine, layout, 0).seconds, bytes,
                               reduce_scatter_allgather(machine, layout, bytes).seconds};
    auto const link = fit_link(times, machine.add_gbs);
    EXPECT_NEAR(link.latency_us, machine.network_latency_us, 1e-9);
    EXPECT_NEAR(link.gbs, machine.network_link_gbs, 1e-9);
  }
}

}  // namespace
}  // namespace tessera::plan
