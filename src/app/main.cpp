// SPDX-License-Identifier: Apache-2.0
#include "tessera/core/error.hpp"
#include "tessera/core/fault.hpp"
#include "tessera/core/stop.hpp"
#include "tessera/core/version.hpp"
#include "tessera/kernel/simd.hpp"

#include <cstdlib>
#include <exception>
#include <string_view>

#include "command.hpp"
#include "printable.hpp"
#include <fmt/format.h>
#include <sodium.h>

namespace {

using namespace tessera;

/// Ends the job for a failure: one message, one exit code on every rank.
int fail(Session const& session, Error const& error) {
  constexpr double kPatienceSeconds = 2.0;
  bool const known_to_all = session.all_arrive(kPatienceSeconds);
  if (!known_to_all || session.world().rank() == 0)
    fmt::print(stderr, "tessera: error: {}\n", printable(error.what()));
  int const code = static_cast<int>(error.code());
  if (!known_to_all) session.abort(code);
  return code;
}

int run_command_line(int argc, char** argv, Session const& session) {
  auto const comm = session.world();
  CLI::App app(
      "Tessera segments a bank's whole customer base on an HPC cluster.\n"
      "Start it alone, under mpirun or under srun; results do not depend on the number of ranks.");
  app.set_version_flag("--version", fmt::format("tessera {} ({})", version(), git_describe()));
  app.require_subcommand(1);
  app.footer(
      "Exit codes: 0 done, 2 configuration, 3 input data, 4 resources, 5 interrupted and safe to requeue, "
      "70 a bug.\nTry: tessera run config/demo.toml");
  Action chosen;
  add_run(app, chosen);
  add_check(app, chosen);
  add_plan(app, chosen);
  add_benchmark_node(app, chosen);
  add_kmeans(app, chosen);
  add_itemsets(app, chosen);
  add_info(app, chosen);
  add_status(app, chosen);
  add_verify(app, chosen);
  add_export(app, chosen);
  add_generate(app, chosen);
  add_reference(app, chosen);
  add_keygen(app, chosen);
  add_sign(app, chosen);
  add_decrypt(app, chosen);
  try {
    app.parse(argc, argv);
  } catch (CLI::ParseError const& error) {
    bool const asked_for_help = error.get_exit_code() == 0;
    if (comm.rank() == 0) app.exit(error);
    return asked_for_help ? 0 : static_cast<int>(ExitCode::configuration);
  }
  static_cast<void>(simd_level());       // heeds TESSERA_SIMD
  fail_if_planted("main", comm.rank());  // outside any agreement: the other ranks cannot know
  chosen(comm);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (sodium_init() < 0) return static_cast<int>(ExitCode::bug);
  if (argc > 1 && std::string_view(argv[1]) == "run")
    note_stop_signals();  // other commands may just be ended
  Session const session(argc, argv);
  try {
    return run_command_line(argc, argv, session);
  } catch (...) {
    return fail(session, as_error(std::current_exception()));
  }
}
