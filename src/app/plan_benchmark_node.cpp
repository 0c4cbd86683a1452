// SPDX-License-Identifier: Apache-2.0
#include "tessera/comm/agree.hpp"
#include "tessera/kernel/simd.hpp"

#include <fstream>

#include "command.hpp"
#include "plan_files.hpp"
#include "plan_measure.hpp"
#include <fmt/format.h>

namespace tessera {

namespace {

struct BenchmarkRequest {
  std::string base, output;
};

/// *Collective.*
void benchmark_node(Communicator const& comm, BenchmarkRequest const& request) {
  auto const base = plan::load_machine(comm, request.base);
  Console console(comm.rank() == 0 ? Console::Voice::speaking : Console::Voice::silent);
  auto const measured = plan::measure_machine(comm, base, console);
  for (auto const& note : measured.notes) console.note(note);
  auto const text = plan::format_machine(
      measured.machine, fmt::format("Measured by tessera benchmark-node on {} ranks, SIMD level {}.",
                                    comm.size(), simd_level()));
  together(comm, [&] {
    if (comm.rank() != 0) return;
    if (request.output.empty()) {
      fmt::print("{}", text);
      return;
    }
    std::ofstream file(request.output, std::ios::binary);
    file << text;
    file.close();
    if (!file) {
      throw ConfigurationError(fmt::format("{} cannot be written", request.output),
                               "the measured rates have nowhere to go",
                               "check the folder and its permissions");
    }
  });
}

}  // namespace

void add_benchmark_node(CLI::App& app, Action& chosen) {
  auto* const command = app.add_subcommand(
      "benchmark-node",
      "Measure this machine for tessera plan: one rank a core of a node, or one rank a node");
  auto const request = std::make_shared<BenchmarkRequest>();
  command->add_option("--base", request->base, "Machine file with the rates that this run cannot measure");
  command->add_option("-o,--output", request->output,
                      "Machine file to write; without it, the text is printed");
  command->footer(
      "Example: mpirun -n 64 tessera benchmark-node -o jobs/machines/mine.env\n"
      "         srun -N 2 --ntasks-per-node=1 tessera benchmark-node --base jobs/machines/mine.env -o "
      "jobs/machines/mine.env");
  command->callback([&chosen, request] {
    chosen = [request](Communicator const& comm) { benchmark_node(comm, *request); };
  });
}

}  // namespace tessera
