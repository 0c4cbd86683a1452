// SPDX-License-Identifier: Apache-2.0
#include "tessera/app/configuration.hpp"
#include "tessera/core/error.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include "command.hpp"
#include "console.hpp"
#include "plan_files.hpp"
#include "plan_model.hpp"
#include "plan_report.hpp"
#include <fmt/format.h>

namespace tessera {

namespace {

struct PlanRequest {
  std::string configuration, machine;
  std::vector<std::string> overrides;
  double customers = 0;  // people write 1e9
  std::uint64_t ranks = 1, columns = 0;
  std::vector<std::uint64_t> k;
  std::optional<std::uint64_t> ranks_per_node, iterations;
  std::optional<double> bytes_per_customer, memory_per_node;
  bool json = false, twice = false;
};

/// *Collective.*
plan::Workload workload_of(Communicator const& comm, PlanRequest const& request) {
  bool const matrix = request.columns > 0 || !request.k.empty();
  if (request.configuration.empty() != matrix || (matrix && (request.columns == 0 || request.k.empty()))) {
    throw ConfigurationError("plan wants a configuration, or --columns and --k of a matrix (not both)",
                             "they say how much there is to do",
                             "write tessera plan CONFIG.toml ..., or tessera plan --columns 40 --k 20 ...");
  }
  auto work = matrix ? plan::workload_of_matrix(request.customers, request.columns, request.k,
                                                request.twice ? sizeof(double) : sizeof(float))
                     : plan::workload_of(load_configuration(comm, request.configuration, request.overrides),
                                         request.customers);
  if (request.iterations) work.iterations = *request.iterations;
  if (request.bytes_per_customer) work.input_bytes = *request.bytes_per_customer;
  return work;
}

/// *Collective.*
void plan_job(Communicator const& comm, PlanRequest const& request) {
  if (std::floor(request.customers) != request.customers) {
    throw ConfigurationError(fmt::format("--customers {} is not a whole number", request.customers),
                             "customers are counted", "write for example --customers 1e9");
  }
  auto const work = workload_of(comm, request);
  auto machine = plan::load_machine(comm, request.machine);
  if (request.memory_per_node) machine.memory_per_node_gb = *request.memory_per_node;
  plan::Layout const layout{request.ranks, request.ranks_per_node.value_or(std::max<std::uint64_t>(
                                               1, static_cast<std::uint64_t>(machine.cores_per_node)))};
  auto const prediction = plan::predict(work, layout, machine);
  if (comm.rank() != 0) return;
  fmt::print("{}", request.json ? plan::to_json(work, layout, prediction)
                                : plan::describe(work, layout, machine, prediction));
  Console console(Console::Voice::speaking);
  for (auto const& warning : plan::warnings(work, layout, machine, prediction)) console.warning(warning);
}

}  // namespace

void add_plan(CLI::App& app, Action& chosen) {
  auto* const command =
      app.add_subcommand("plan", "Predict memory, traffic and time of a job before submitting it");
  auto const request = std::make_shared<PlanRequest>();
  auto& r = *request;
  command->add_option("config", r.configuration, "Configuration (TOML) of a run; or --columns and --k");
  command->add_option("--set", r.overrides, "Change a key, as for run")->take_all();
  command->add_option("--columns", r.columns, "For tessera kmeans: columns of the matrix")
      ->check(CLI::Range(1, 1'000'000));
  command->add_option("--k", r.k, "For tessera kmeans: number of clusters, or several")
      ->delimiter(',')
      ->check(CLI::PositiveNumber);
  command
      ->add_flag("--double", r.twice,
                 "For tessera kmeans: in double precision (a configuration says it itself)")
      ->needs("--columns");
  command->add_option("--customers", r.customers, "Customers of the whole base, such as 1e9")
      ->required()
      ->check(CLI::Range(1.0, 1e15));
  command->add_option("--ranks", r.ranks, "Ranks that the job is to run on")
      ->required()
      ->check(CLI::Range(1, 100'000'000));
  command->add_option("--ranks-per-node", r.ranks_per_node, "Default: the cores of the machine's nodes")
      ->check(CLI::Range(1, 1'000'000));
  command->add_option("--machine", r.machine,
                      "Rates of the machine (jobs/machines/*.env); tessera benchmark-node writes such files");
  command
      ->add_option("--memory-per-node", r.memory_per_node,
                   "GB that the job gets on a node, instead of the machine's")
      ->check(CLI::PositiveNumber);
  command
      ->add_option("--iterations", r.iterations, "Iterations that a model is expected to take (default 100)")
      ->check(CLI::PositiveNumber);
  command
      ->add_option("--bytes-per-customer", r.bytes_per_customer,
                   "Input on disk, instead of a guess from the columns' types")
      ->check(CLI::PositiveNumber);
  command->add_flag("--json", r.json, "Print one JSON object, in bytes and seconds");
  command->footer(
      "Example: tessera plan config/quarterly.toml --customers 1e9 --ranks 1024 --machine "
      "jobs/machines/generic.env");
  command->callback(
      [&chosen, request] { chosen = [request](Communicator const& comm) { plan_job(comm, *request); }; });
}

}  // namespace tessera
