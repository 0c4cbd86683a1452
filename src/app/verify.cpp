// SPDX-License-Identifier: Apache-2.0
#include "tessera/core/error.hpp"
#include "tessera/core/fault.hpp"
#include "tessera/io/verify_digests.hpp"

#include "command.hpp"
#include "invariants.hpp"
#include <fmt/format.h>

namespace tessera {

namespace {

/// *Collective.* Digests first: an invariant of damaged data says little.
std::vector<Check> verify(Communicator const& comm, ResultReader const& reader) {
  std::vector<Check> checks;
  for (auto const& dataset : check_digests(reader)) {
    checks.push_back({fmt::format("digest of {}", dataset.dataset), dataset.state == DigestState::ok,
                      std::string(to_string(dataset.state))});
  }
  fail_if_planted("verify alone", comm.rank());
  auto const invariants = check_invariants(comm, reader);
  checks.insert(checks.end(), invariants.begin(), invariants.end());
  return checks;
}

void report(Communicator const& comm, std::string const& path) {
  ResultReader const reader(comm, path);
  auto const checks = verify(comm, reader);
  std::size_t failed = 0;
  for (auto const& check : checks) {
    failed += check.holds ? 0 : 1;
    if (comm.rank() == 0 && !check.holds) fmt::print("FAILED  {}: {}\n", check.name, check.detail);
  }
  if (comm.rank() == 0) fmt::print("{}: {} checks, {} failed\n", path, checks.size(), failed);
  if (failed > 0) {
    throw InputError(fmt::format("{} fails {} of {} checks", path, failed, checks.size()),
                     "its numbers are not those that were written", "restore the file or run the job again");
  }
}

}  // namespace

void add_verify(CLI::App& app, Action& chosen) {
  auto* const command = app.add_subcommand("verify", "Recompute the digests and invariants of a result file");
  auto const path = std::make_shared<std::string>();
  command->add_option("file", *path, "Result file")->required();
  command->footer("Example: mpirun -n 4 tessera verify runs/demo.h5");
  command->callback([&chosen, path] { chosen = [path](Communicator const& comm) { report(comm, *path); }; });
}

}  // namespace tessera
