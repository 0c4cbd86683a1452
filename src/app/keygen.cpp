// SPDX-License-Identifier: Apache-2.0
#include "tessera/app/key_file.hpp"
#include "tessera/comm/agree.hpp"

#include <memory>

#include "command.hpp"
#include "quote.hpp"
#include "signing.hpp"
#include <fmt/format.h>

namespace tessera {

namespace {

struct KeygenRequest {
  std::string path;
  bool signing = false;
};

void tell_of_pseudonym_key(std::string const& path) {
  fmt::print(
      "A new key is in {} (mode 0600).\n"
      "Name it in the configuration:   [privacy] key_file = {}\n"
      "Keep a copy in a safe place: with another key every customer has another pseudonym, and runs can no\n"
      "longer be compared or re-identified. Whoever has the key can tell whom a pseudonym stands for.\n",
      path, quote(path));
}

void tell_of_signing_key(std::string const& path) {
  fmt::print(
      "A new secret key is in {0} (mode 0600), its public key in {0}.pub.\n"
      "Sign with the secret one:       tessera sign RESULT.h5 --key {0}\n"
      "Give the public one to whoever is to check: tessera verify RESULT.h5 --public-key {0}.pub\n"
      "Whoever has the secret key can sign in your name.\n",
      path);
}

}  // namespace

void add_keygen(CLI::App& app, Action& chosen) {
  auto* const command = app.add_subcommand(
      "keygen", "Make a new key: for pseudonyms, for encrypted exports, or for signatures");
  auto const request = std::make_shared<KeygenRequest>();
  command->add_option("-o,--output", request->path, "Key file; one that exists is never replaced")
      ->required();
  command->add_flag("--signing", request->signing, "A key pair for tessera sign, the public key in FILE.pub");
  command->footer(
      "Examples: tessera keygen -o keys/pseudonym.key\n"
      "          tessera keygen --signing -o keys/signing.key");
  command->callback([&chosen, request] {
    chosen = [request](Communicator const& comm) {
      together(comm, [&] {
        if (comm.rank() == 0) (request->signing ? create_signing_key : create_key_file)(request->path);
      });
      if (comm.rank() == 0) (request->signing ? tell_of_signing_key : tell_of_pseudonym_key)(request->path);
    };
  });
}

}  // namespace tessera
