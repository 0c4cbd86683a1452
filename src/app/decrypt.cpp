// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <string>

#include "command.hpp"
#include "sealing.hpp"

namespace tessera {

namespace {

struct DecryptRequest {
  std::string file, key_file;
  Output output;
};

}  // namespace

void add_decrypt(CLI::App& app, Action& chosen) {
  auto* const command = app.add_subcommand("decrypt", "Read what tessera export --encrypt-key wrote");
  auto const request = std::make_shared<DecryptRequest>();
  command->add_option("file", request->file, "Encrypted file")->required();
  command->add_option("--key", request->key_file, "The key that it was encrypted with")->required();
  // No standard output: what is cut short is noticed at its end, and by then it would have been read.
  command->add_option("-o,--output", request->output.path, "Plain file, of mode 0600")->required();
  command->add_flag("--force", request->output.force, "Replace an existing file");
  command->footer("Example: tessera decrypt customers.sealed --key keys/exports.key -o customers.csv");
  command->callback([&chosen, request] {
    chosen = [request](Communicator const& comm) {
      unseal(comm, request->file, request->key_file, request->output);
    };
  });
}

}  // namespace tessera
