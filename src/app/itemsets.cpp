// SPDX-License-Identifier: Apache-2.0
#include "tessera/io/fimi.hpp"

#include <optional>

#include "command.hpp"
#include "provenance.hpp"
#include "schema.hpp"
#include "stages.hpp"
#include "truncation.hpp"
#include "write_results.hpp"
#include <fmt/format.h>

namespace tessera {

namespace {

struct ItemsetRequest {
  std::string file, min_support;
  ItemsetOptions options;
  Output output;
};

/// *Collective.* Mines a file in the FIMI format.
void mine_file(Communicator const& comm, ItemsetRequest request) {
  request.options.min_support = Share::parse(request.min_support, "--min-support");
  ResultFile file(comm, request.output.path, request.output.existing());
  Stages stage(comm);
  auto const baskets = stage("read", [&](Progress&) { return read_fimi(comm, request.file); });
  std::optional<ItemsetSearch> search;
  stage("itemsets", [&](Progress& p) { search.emplace(comm, baskets, request.options, p); });
  auto const& summary = search->summary();
  stage("write", [&](Progress&) { write_itemsets(file, *search); });
  file.attribute("/run", "input", request.file);
  write_run(comm, file, stage, "itemsets", {});
  file.commit();
  stage.console().note(fmt::format("{} baskets, {} {} itemsets at support {}", summary.rows, summary.itemsets,
                                   schema::name_of(schema::kItemsetKinds, request.options.kind),
                                   summary.min_support));
  require_complete(summary, request.options);
}

}  // namespace

void add_itemsets(CLI::App& app, Action& chosen) {
  auto* const command =
      app.add_subcommand("itemsets", "Mine frequent itemsets from a file in the FIMI format");
  auto const request = std::make_shared<ItemsetRequest>();
  auto& options = request->options;
  command
      ->add_option("file", request->file, "One basket a line, items as integers; .gz and .zst are read too")
      ->required();
  command->add_option("--min-support", request->min_support, "\"1%\", \"3/1000\" or a count of baskets")
      ->required();
  command->add_option("--kind", options.kind, "all, closed or maximal")
      ->transform(CLI::CheckedTransformer(std::map<std::string, ItemsetKind>(
          {{"all", ItemsetKind::all}, {"closed", ItemsetKind::closed}, {"maximal", ItemsetKind::maximal}})))
      ->default_str("all");
  command->add_option("--max-length", options.max_length, "Items in an itemset")->capture_default_str();
  command->add_option("--max-memory", options.max_memory, "Bytes for mining on a rank")
      ->transform(CLI::AsSizeValue(false))
      ->capture_default_str();
  command->add_option("-o,--output", request->output.path, "Result file")->required();
  command->add_flag("--force", request->output.force, "Replace an existing result file");
  command->footer("Example: tessera itemsets retail.dat --min-support 0.1% -o retail.h5");
  command->callback(
      [&chosen, request] { chosen = [request](Communicator const& comm) { mine_file(comm, *request); }; });
}

}  // namespace tessera
