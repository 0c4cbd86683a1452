// SPDX-License-Identifier: Apache-2.0
#include "tessera/io/result_reader.hpp"

#include "command.hpp"
#include "describe_run.hpp"
#include "telemetry.hpp"
#include <fmt/format.h>

namespace tessera {

void add_info(CLI::App& app, Action& chosen) {
  auto* const command = app.add_subcommand("info", "Say what a result file holds, in people's words");
  auto const path = std::make_shared<std::string>();
  command->add_option("file", *path, "Result file")->required();
  auto const timings = std::make_shared<bool>(false);
  command->add_flag("--timings", *timings, "Only where the time went: stages, waiting, traffic, memory");
  command->footer(
      "Counts below the run's privacy.min_cell are left out.\nExample: tessera info runs/demo.h5");
  command->callback([&chosen, path, timings] {
    chosen = [path, timings](Communicator const& comm) {
      ResultReader const reader(comm, *path);
      std::string const text = *timings ? describe_timings(reader) : describe_run(reader);
      if (comm.rank() == 0) fmt::print("{}", text);
    };
  });
}

}  // namespace tessera
