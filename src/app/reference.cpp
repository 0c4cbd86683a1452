// SPDX-License-Identifier: Apache-2.0
#include "tessera/app/configuration.hpp"

#include "command.hpp"
#include <fmt/format.h>

namespace tessera {

void add_reference(CLI::App& app, Action& chosen) {
  auto* const command =
      app.add_subcommand("reference", "Print every configuration key with meaning, unit, range, default");
  command->callback([&chosen] {
    chosen = [](Communicator const& comm) {
      if (comm.rank() == 0) fmt::print("{}", reference_toml());
    };
  });
}

}  // namespace tessera
