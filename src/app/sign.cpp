// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include "command.hpp"
#include "signing.hpp"
#include <fmt/format.h>

namespace tessera {

namespace {

struct SignRequest {
  std::string file, key_file;
  bool force = false;
};

}  // namespace

void add_sign(CLI::App& app, Action& chosen) {
  auto* const command = app.add_subcommand("sign", "Sign a result file: writes FILE.sig");
  auto const request = std::make_shared<SignRequest>();
  command->add_option("file", request->file, "Result file")->required();
  command->add_option("--key", request->key_file, "Secret key, from tessera keygen --signing")->required();
  command->add_flag("--force", request->force, "Replace an earlier signature");
  command->footer(
      "Example: tessera sign runs/2026Q3.h5 --key keys/signing.key\n"
      "Check:   tessera verify runs/2026Q3.h5 --public-key keys/signing.key.pub");
  command->callback([&chosen, request] {
    chosen = [request](Communicator const& comm) {
      auto const digest = sign_file(comm, request->file, request->key_file,
                                    request->force ? Existing::replace : Existing::refuse);
      if (comm.rank() == 0)
        fmt::print("{}: digest {}\nsigned in {}\n", request->file, hex(digest),
                   signature_path(request->file));
    };
  });
}

}  // namespace tessera
