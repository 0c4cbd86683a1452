// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/comm/communicator.hpp"
#include "tessera/io/result_file.hpp"

#include <functional>
#include <string>

#include <CLI/CLI.hpp>

/// The subcommands: each file adds one to the command line and, when it is chosen, says what to do.
namespace tessera {

/// What the command line asks for; run on all ranks.
using Action = std::function<void(Communicator const&)>;

void add_run(CLI::App& app, Action& chosen);
void add_check(CLI::App& app, Action& chosen);
void add_plan(CLI::App& app, Action& chosen);
void add_benchmark_node(CLI::App& app, Action& chosen);
void add_kmeans(CLI::App& app, Action& chosen);
void add_itemsets(CLI::App& app, Action& chosen);
void add_info(CLI::App& app, Action& chosen);
void add_status(CLI::App& app, Action& chosen);
void add_verify(CLI::App& app, Action& chosen);
void add_export(CLI::App& app, Action& chosen);
void add_reference(CLI::App& app, Action& chosen);
void add_keygen(CLI::App& app, Action& chosen);
void add_sign(CLI::App& app, Action& chosen);
void add_decrypt(CLI::App& app, Action& chosen);
void add_generate(CLI::App& app, Action& chosen);

/// -o and --force, which every command that writes a result file has.
struct Output {
  std::string path;
  bool force = false;
  [[nodiscard]] Existing existing() const { return force ? Existing::replace : Existing::refuse; }
};

}  // namespace tessera
