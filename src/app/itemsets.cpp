// SPDX-License-Identifier: Apache-2.0
#include "tessera/core/error.hpp"
#include "tessera/io/fimi.hpp"
#include "tessera/itemset/segment_itemsets.hpp"
#include "tessera/itemset/taxonomy.hpp"

#include <optional>

#include "choices.hpp"
#include "command.hpp"
#include "provenance.hpp"
#include "stages.hpp"
#include "taxonomy_file.hpp"
#include "truncation.hpp"
#include "write_results.hpp"
#include <fmt/format.h>

namespace tessera {

namespace {

struct ItemsetRequest {
  std::string file, min_support, taxonomy;
  ItemsetOptions options;
  bool count_only = false;
  Output output;
};

/// A count needs no file.
void check(ItemsetRequest const& request) {
  if (request.count_only == request.output.path.empty()) return;
  throw ConfigurationError(request.count_only ? "--count-only with -o " + request.output.path
                                              : "neither -o FILE.h5 nor --count-only is given",
                           "itemsets are either counted or written", "give one of the two");
}

std::string in_words(ItemsetSummary const& summary, ItemsetOptions const& options) {
  return fmt::format("{} baskets, {} {} itemsets at support {}", summary.rows, summary.itemsets,
                     schema::name_of(schema::kItemsetKinds, options.kind), summary.min_support);
}

/// *Collective.* Reads and counts.
ItemsetSearch search_file(Communicator const& comm, ItemsetRequest const& request, Stages& stage,
                          Baskets& baskets) {
  baskets = stage("read", [&](Progress&) { return read_fimi(comm, request.file); });
  auto const then = request.count_only ? ItemsetSearch::Then::nothing : ItemsetSearch::Then::find;
  auto search =
      stage("itemsets", [&](Progress& p) { return ItemsetSearch(comm, baskets, request.options, then, p); });
  auto const& summary = search.summary();
  stage.console().note(fmt::format(
      "distribution: {} ({})", schema::name_of(schema::kDistributions, summary.distribution), summary.why));
  return search;
}

/// *Collective.* Itemsets over items with a taxonomy.
void mine_with_taxonomy(Communicator const& comm, ItemsetRequest const& request) {
  auto const taxonomy = load_taxonomy(comm, request.taxonomy, "--taxonomy");
  std::optional<ResultFile> file;
  if (!request.count_only) file.emplace(comm, request.output.path, request.output.existing());
  Stages stage(comm);
  auto baskets = stage("read", [&](Progress&) { return read_fimi(comm, request.file); });
  auto const parents =
      stage("taxonomy", [&](Progress&) { return add_ancestors(comm, taxonomy, request.taxonomy, baskets); });
  auto const found =
      stage("itemsets", [&](Progress&) { return mine_generalised(comm, baskets, parents, request.options); });
  if (request.count_only) {
    if (comm.rank() == 0) fmt::print("{}\n", found.itemsets);
    return;
  }
  stage("write", [&](Progress&) {
    write_itemsets(comm, *file, found);
    write_taxonomy(*file, baskets.item_names, parents);
  });
  file->attribute("/run", "input", request.file);
  write_run(comm, *file, stage, "itemsets", {});
  file->commit();
  stage.console().note(
      fmt::format("{} baskets, {} {} itemsets at support {}", found.tree.rows, found.itemsets,
                  schema::name_of(schema::kItemsetKinds, request.options.kind), found.tree.min_support));
}

/// *Collective.* Mines a file in the FIMI format.
void mine_file(Communicator const& comm, ItemsetRequest request) {
  check(request);
  request.options.min_support = Share::parse(request.min_support, "--min-support");
  if (!request.taxonomy.empty()) {
    mine_with_taxonomy(comm, request);
    return;
  }
  Baskets baskets;
  Stages stage(comm);
  if (request.count_only) {
    auto const search = search_file(comm, request, stage, baskets);
    stage.console().note(in_words(search.summary(), request.options));
    if (comm.rank() == 0) fmt::print("{}\n", search.summary().itemsets);
    require_complete(search.summary(), request.options);
    return;
  }
  ResultFile file(comm, request.output.path, request.output.existing());
  auto search = search_file(comm, request, stage, baskets);
  stage("write", [&](Progress&) { write_itemsets(file, search); });
  file.attribute("/run", "input", request.file);
  write_run(comm, file, stage, "itemsets", {});
  file.commit();
  stage.console().note(in_words(search.summary(), request.options));
  require_complete(search.summary(), request.options);
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
  command->add_option("--min-length", options.min_length, "Least items in an itemset")->capture_default_str();
  command->add_option("--max-length", options.max_length, "Most items in an itemset")->capture_default_str();
  command->add_option("--must-contain", options.must_contain, "Items that every itemset holds: 3,17")
      ->delimiter(',');
  command->add_option("--may-contain", options.may_contain, "Items to mine; the others do not exist")
      ->delimiter(',');
  command->add_option("--taxonomy", request->taxonomy,
                      "File of lines child,parent: baskets hold the ancestors of their items too");
  command->add_option("--top-k", options.top_k,
                      "Only the K of most support, and those that tie with the last");
  command
      ->add_option("--max-itemsets", options.max_itemsets,
                   "If there are more, only those of a higher support are written, and the exit code is 4")
      ->capture_default_str();
  command->add_flag("--count-only", request->count_only, "Print how many there are; write no file");
  command->add_option("--distribution", options.distribution, "auto, count or task")
      ->transform(CLI::CheckedTransformer(std::map<std::string, Distribution>(
          {{"auto", Distribution::automatic}, {"count", Distribution::count}, {"task", Distribution::task}})))
      ->default_str("auto");
  command->add_option("--max-memory", options.max_memory, "Bytes for mining on a rank")
      ->transform(CLI::AsSizeValue(false))
      ->capture_default_str();
  command->add_option("-o,--output", request->output.path, "Result file");
  command->add_flag("--force", request->output.force, "Replace an existing result file");
  command->footer(
      "Examples: tessera itemsets retail.dat --min-support 0.1% --kind closed -o retail.h5\n"
      "          mpirun -n 4 tessera itemsets retail.dat --min-support 5 --count-only");
  command->callback(
      [&chosen, request] { chosen = [request](Communicator const& comm) { mine_file(comm, *request); }; });
}

}  // namespace tessera
