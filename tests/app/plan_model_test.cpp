// SPDX-License-Identifier: Apache-2.0
#include "../src/app/plan_model.hpp"

#include <cmath>

#include "../src/app/plan_report.hpp"
#include "app/round_machine.hpp"
#include <gtest/gtest.h>

namespace tessera::plan {
namespace {

using test::round_machine;

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

TEST(PlanModel, a_reduction_needs_the_matrix_that_it_starts_from) {
  auto const work_of = [](std::string const& use) {
    std::string text = "[run]\nname = \"r\"\n[[table]]\nname = \"customers\"\npath = \"c.csv\"\n";
    for (auto const* column : {"a", "b", "c", "d"})
      text += "[table.column." + std::string(column) + "]\ntype = \"float\"\n";
    for (auto const* column : {"a", "b", "c", "d"})
      text += "[[feature]]\ncolumn = \"" + std::string(column) + "\"\n";
    return workload_of(parse_configuration(text + "[kmeans]\nk = [2]\n" + use, "r.toml", {}), 1024);
  };
  auto const bytes_of = [](Workload const& work, std::string const& name) {
    for (auto const& stage : predict(work, {1, 1}, round_machine()).stages) {
      if (stage.name == name) return stage.bytes;
    }
    return -1.0;
  };
  auto const plain = work_of("");
  auto const instead = work_of("[reduction]\nmethod = \"pca\"\ncomponents = 1\n");
  auto const besides = work_of("[reduction]\nmethod = \"pca\"\ncomponents = 1\nuse = \"besides\"\n");
  EXPECT_EQ(plain.built_columns, 4U);
  EXPECT_EQ(instead.columns, 1U);
  EXPECT_EQ(instead.built_columns, 4U);
  EXPECT_EQ(bytes_of(instead, "features"), bytes_of(plain, "features"));
  EXPECT_EQ(bytes_of(besides, "features") - bytes_of(plain, "features"), 1024 * 4.0 * 5)
      << "both matrices while the scores are computed";
  auto const messages = [](std::uint64_t columns) {
    return 2 * 8.0 * static_cast<double>(2 * (columns + 1) + 1);
  };
  EXPECT_EQ(bytes_of(instead, "kmeans") - messages(1), bytes_of(plain, "kmeans") - messages(4))
      << "the matrix keeps its room";
}

TEST(PlanModel, columns_made_of_other_tables_take_memory_and_the_view_room_in_the_file) {
  std::string const text = R"(
[run]
name = "view"
as_of = 2026-01-31
[[table]]
name = "customers"
path = "c.csv"
key = "id"
[table.column.age]
type = "int"
[table.column.job]
[table.column.income]
type = "float"
sensitive = true
[[table]]
name = "events"
path = "e.csv"
key = "id"
date = "at"
[table.column.at]
type = "date"
[table.column.amount]
type = "float"
[table.column.type]
[[feature]]
name = "total"
table = "events"
aggregate = "sum"
column = "amount"
[[feature]]
name = "last"
table = "events"
aggregate = "last"
column = "type"
cluster = false
[[feature]]
name = "rate"
ratio = ["total", "income"]
[kmeans]
k = [2]
)";
  auto const work = workload_of(parse_configuration(text, "view.toml", {}), 1024);
  EXPECT_EQ(work.view_bytes, 8 + 4 + 8);
  EXPECT_EQ(work.accumulator_bytes, 16 + 8 + 16);
  EXPECT_EQ(work.result_bytes, 16 + 12);
  auto const machine = round_machine();
  auto const found = predict(work, {1, 1}, machine);
  ASSERT_EQ(found.stages.size(), 6U);
  EXPECT_EQ(found.stages[2].name, "aggregate");
  EXPECT_EQ(found.stages[2].bytes, 1024 * (work.table_bytes + 20 + 40));
  EXPECT_EQ(found.stages[3].bytes, 1024 * (work.table_bytes + 20 + 2 * 4 + 16));
  EXPECT_NE(describe(work, {1, 1}, machine, found).find("Reading 1 other table is not in the times"),
            std::string::npos);
  auto const viewed = workload_of(parse_configuration(text, "view.toml", {"run.write_features=true"}), 1024);
  EXPECT_EQ(viewed.result_bytes, 16 + 12 + 8 + 4 + 8 + 4)
      << "age, job, total and last; rate tells the income";
}

}  // namespace
}  // namespace tessera::plan
