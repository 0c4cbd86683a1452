// SPDX-License-Identifier: Apache-2.0
#include "tessera/comm/agree.hpp"
#include "tessera/core/error.hpp"
#include "tessera/core/fault.hpp"
#include "tessera/io/file_digest.hpp"
#include "tessera/io/verify_digests.hpp"

#include <algorithm>
#include <memory>

#include "audit_log.hpp"
#include "certificate.hpp"
#include "command.hpp"
#include "invariants.hpp"
#include "recheck.hpp"
#include "signing.hpp"
#include "with_commas.hpp"
#include <fmt/format.h>

namespace tessera {

namespace {

struct VerifyRequest {
  std::string file;
  RecheckRequest recheck;
  std::string public_key, audit_log;
};

/// *Collective.* Digests first: an invariant of damaged data says little, and what is damaged is not derived
/// again.
Verified verify(Communicator const& comm, ResultReader const& reader, VerifyRequest const& request) {
  Verified out;
  for (auto const& dataset : check_digests(reader)) {
    out.checks.push_back({fmt::format("digest of {}", dataset.dataset), dataset.state == DigestState::ok,
                          std::string(to_string(dataset.state))});
  }
  out.counts.push_back(fmt::format("digests of {} datasets", with_commas(out.checks.size() - 1)));
  fail_if_planted("verify alone", comm.rank());
  auto const add = [&](std::vector<Check> const& checks) {
    out.checks.insert(out.checks.end(), checks.begin(), checks.end());
  };
  auto const invariants = check_invariants(comm, reader);
  out.counts.push_back(fmt::format("{} invariants", invariants.size()));
  add(invariants);
  if (!request.public_key.empty() || !request.recheck.configuration.empty())
    out.file_digest = file_digest(comm, reader.path());
  if (!request.public_key.empty()) {
    auto const signature = check_signature(comm, reader.path(), *out.file_digest, request.public_key);
    add({{"the signature is by the public key", signature.genuine, "it is not"},
         {"the file is the one that was signed", signature.same, "its digest is another"}});
    out.counts.push_back("the signature in " + signature_path(reader.path()));
  }
  if (!request.recheck.configuration.empty() && out.failed() == 0) {
    auto const again = recheck(comm, reader, request.recheck);
    add(again.checks);
    out.counts.insert(out.counts.end(), again.counts.begin(), again.counts.end());
  }
  return out;
}

void verify_result(Communicator const& comm, VerifyRequest const& request) {
  ResultReader const reader(comm, request.file);
  auto const verified = verify(comm, reader, request);
  auto const certificate = verified.file_digest ? certificate_of(reader, verified) : std::string();
  auto const failed = verified.failed();
  if (comm.rank() == 0) {
    for (auto const& check : verified.checks) {
      if (!check.holds) fmt::print("FAILED  {}: {}\n", check.name, check.detail);
    }
    fmt::print("{}{}: {} checks, {} failed\n", certificate, request.file, verified.checks.size(), failed);
  }
  if (failed > 0) {
    throw InputError(fmt::format("{} fails {} of {} checks", request.file, failed, verified.checks.size()),
                     "its numbers are not those that were written, or not those of the job that is said to "
                     "have made it",
                     "restore the file or run the job again");
  }
}

void verify_audit_log(Communicator const& comm, std::string const& path) {
  auto const log = check_audit_log(comm, path);
  if (comm.rank() == 0)
    fmt::print("{}: {} acts, each followed by the next\nlast line: {}\n", path, log.lines, log.last);
}

void verify_all(Communicator const& comm, VerifyRequest const& request) {
  together(comm, [&] {
    if (request.file.empty() && request.audit_log.empty()) {
      throw ConfigurationError("there is nothing to verify", "neither a result file nor --audit-log is given",
                               "name a result file");
    }
    if (request.file.empty() && !request.public_key.empty()) {
      throw ConfigurationError("--public-key without a result file", "a signature is one of a result",
                               "name the result file");
    }
  });
  if (!request.audit_log.empty()) verify_audit_log(comm, request.audit_log);
  if (!request.file.empty()) verify_result(comm, request);
}

}  // namespace

void add_verify(CLI::App& app, Action& chosen) {
  auto* const command = app.add_subcommand(
      "verify",
      "Recompute the digests and invariants of a result file; with its configuration, its labels "
      "and supports too");
  auto const request = std::make_shared<VerifyRequest>();
  command->add_option("file", request->file, "Result file");
  command->add_option("config", request->recheck.configuration,
                      "Configuration (TOML) of the run: reads the tables again, and prints a certificate");
  command->add_option("--set", request->recheck.overrides, "What the run was given with --set")->take_all();
  command
      ->add_option("--sample", request->recheck.share,
                   "Derive only such a share of the labels and supports again")
      ->check(CLI::Range(1e-9, 1.0))
      ->capture_default_str();
  command->add_option("--sample-seed", request->recheck.seed,
                      "Seed of the sample; without it, the run's, which whoever made the file knew");
  command->add_option("--public-key", request->public_key,
                      "Check the signature in FILE.sig against this key");
  command->add_option("--audit-log", request->audit_log, "Check that an audit log is whole");
  command->footer(
      "Examples: mpirun -n 4 tessera verify runs/demo.h5\n"
      "          mpirun -n 4 tessera verify runs/demo.h5 config/demo.toml --sample 0.01\n"
      "          tessera verify runs/demo.h5 --public-key keys/signing.key.pub");
  command->callback(
      [&chosen, request] { chosen = [request](Communicator const& comm) { verify_all(comm, *request); }; });
}

}  // namespace tessera
