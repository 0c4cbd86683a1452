// SPDX-License-Identifier: Apache-2.0
#include "tessera/app/configuration.hpp"
#include "tessera/app/key_file.hpp"

#include <algorithm>

#include "choices.hpp"
#include "command.hpp"
#include "initial_centroids.hpp"
#include "input_sample.hpp"
#include "with_commas.hpp"
#include <fmt/format.h>

namespace tessera {

namespace {

struct CheckRequest {
  std::string configuration;
  std::vector<std::string> overrides;
};

std::string describe_sample(TableSpec const& spec, InputSample const& sample) {
  std::string out = fmt::format("Table \"{}\": {} {}, {} bytes; a sample of {} records\n", spec.name,
                                sample.files, sample.files == 1 ? "file" : "files", with_commas(sample.bytes),
                                with_commas(sample.records));
  out += fmt::format("  {:<24} {:<10} {:<10} {:>9} {:>9} {}\n", "column", "declared", "looks like", "missing",
                     "distinct", "sensitive");
  for (auto const& column : sample.columns) {
    auto const declared = std::find_if(spec.columns.begin(), spec.columns.end(),
                                       [&](ColumnSpec const& c) { return c.field() == column.name; });
    std::string_view type = "-";
    if (column.name == spec.key) type = "key";
    if (column.name == spec.link) type = "link";
    if (declared != spec.columns.end()) type = schema::name_of(schema::kColumnTypes, declared->type);
    bool const sensitive = declared != spec.columns.end() && declared->sensitive;
    out += fmt::format("  {:<24} {:<10} {:<10} {:>9} {:>9} {}\n", column.name, type,
                       schema::name_of(schema::kColumnTypes, column.type), with_commas(column.missing),
                       with_commas(column.distinct), sensitive ? "yes" : "-");
  }
  return out;
}

/// *Collective.* Everything that can be known before a job is submitted.
void check(Communicator const& comm, CheckRequest const& request) {
  auto const config = load_configuration(comm, request.configuration, request.overrides);
  static_cast<void>(load_key(comm, config.privacy.key_file));
  static_cast<void>(load_initial_centroids(comm, config));
  std::string samples;
  for (auto const& table : config.tables) samples += describe_sample(table, sample_input(comm, table));
  if (comm.rank() != 0) return;
  fmt::print("# The configuration in effect\n{}\n{}", to_toml(config), samples);
  fmt::print("{} features, {} item columns, {} bins. The configuration is sound.\n", config.features.size(),
             config.items.columns.size(), config.items.bins.size());
}

}  // namespace

void add_check(CLI::App& app, Action& chosen) {
  auto* const command =
      app.add_subcommand("check", "Validate a configuration, sample the input, print the schema");
  auto const request = std::make_shared<CheckRequest>();
  command->add_option("config", request->configuration, "Configuration (TOML)")->required();
  command->add_option("--set", request->overrides, "Change a key, as for run")->take_all();
  command->footer("Example: tessera check config/demo.toml");
  command->callback(
      [&chosen, request] { chosen = [request](Communicator const& comm) { check(comm, *request); }; });
}

}  // namespace tessera
