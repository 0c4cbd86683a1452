// SPDX-License-Identifier: Apache-2.0
#include "tessera/core/error.hpp"

#include <cmath>
#include <fstream>
#include <sstream>

#include "../src/app/plan_fit.hpp"
#include "../src/app/plan_machine.hpp"
#include "../src/app/plan_network.hpp"
#include "app/round_machine.hpp"
#include <gtest/gtest.h>

namespace tessera::plan {
namespace {

using test::round_machine;

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
