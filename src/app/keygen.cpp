// SPDX-License-Identifier: Apache-2.0
#include "tessera/app/key_file.hpp"
#include "tessera/comm/agree.hpp"

#include <memory>

#include "command.hpp"
#include "quote.hpp"
#include <fmt/format.h>

namespace tessera {

void add_keygen(CLI::App& app, Action& chosen) {
  auto* const command = app.add_subcommand("keygen", "Make a new key for the pseudonyms of customers");
  auto const path = std::make_shared<std::string>();
  command->add_option("-o,--output", *path, "Key file; one that exists is never replaced")->required();
  command->footer("Example: tessera keygen -o keys/pseudonym.key");
  command->callback([&chosen, path] {
    chosen = [path](Communicator const& comm) {
      together(comm, [&] {
        if (comm.rank() == 0) create_key_file(*path);
      });
      if (comm.rank() != 0) return;
      fmt::print(
          "A new key is in {} (mode 0600).\n"
          "Name it in the configuration:   [privacy] key_file = {}\n"
          "Keep a copy in a safe place: with another key every customer has another pseudonym, and runs can "
          "no\n"
          "longer be compared or re-identified. Whoever has the key can tell whom a pseudonym stands for.\n",
          *path, quote(*path));
    };
  });
}

}  // namespace tessera
