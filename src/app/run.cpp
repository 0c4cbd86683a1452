// SPDX-License-Identifier: Apache-2.0
#include "run.hpp"

#include "tessera/app/configuration.hpp"
#include "tessera/app/key_file.hpp"
#include "tessera/comm/agree.hpp"
#include "tessera/core/digest.hpp"
#include "tessera/core/narrow.hpp"
#include "tessera/io/file_digest.hpp"
#include "tessera/prep/weights.hpp"
#include "tessera/profile/segment_means.hpp"
#include "tessera/profile/segment_profile.hpp"

#include <algorithm>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "audit_log.hpp"
#include "choices.hpp"
#include "customer_view.hpp"
#include "initial_centroids.hpp"
#include "job_checkpoint.hpp"
#include "prepare_customers.hpp"
#include "previous_quality.hpp"
#include "provenance.hpp"
#include "quality_gate.hpp"
#include "restricted_paths.hpp"
#include "run_warnings.hpp"
#include "stages.hpp"
#include "status_writer.hpp"
#include "taxonomy_file.hpp"
#include "truncation.hpp"
#include "write_quality.hpp"
#include "write_results.hpp"
#include "write_view.hpp"
#include <fmt/format.h>

namespace tessera {

namespace {

std::string output_path(Configuration const& config, RunRequest const& request) {
  std::string path = request.output.path.empty() ? config.run.output : request.output.path;
  if (!path.empty()) return path;
  throw ConfigurationError("there is no output file", "the results have nowhere to go",
                           "set run.output in " + request.configuration + " or give -o FILE.h5");
}

/// Local. Goes on from where an earlier run was if that is asked for, or if Slurm starts the job again.
JobCheckpoint::Begin begin_of(RunRequest const& request) {
  char const* const restarts = std::getenv("SLURM_RESTART_COUNT");
  if (request.resume || (restarts != nullptr && std::string_view(restarts) != "0"))
    return JobCheckpoint::Begin::resume;
  return request.output.force ? JobCheckpoint::Begin::anew_at_any_cost : JobCheckpoint::Begin::anew;
}

/// *Collective.* The prepared customers of an earlier run, or of this one.
PreparedCustomers take_up_customers(Communicator const& comm, Stages& stage, Configuration const& config,
                                    KeyHasher const& hash, JobCheckpoint& checkpoint) {
  if (checkpoint.resumes()) {
    auto kept = stage("resume", [&](Progress&) { return checkpoint.customers(); });
    if (kept) return std::move(*kept);
  }
  auto customers = prepare_customers(comm, stage, config, hash);
  checkpoint.customers_are_ready(customers);
  return customers;
}

/// *Collective.* Segments of the customers by their features in float or double. Their raw columns are freed
/// before K-means, which uses up the features' matrix.
template <class T>
void find_segments(Communicator const& comm, Stages& stage, Configuration const& config,
                   InitialCentroids start, Placed placed, Checkpoint& checkpoint, Findings& found) {
  auto features = find_features<T>(comm, stage, config, placed.table, found);
  found.weight = together(comm, [&] { return weights_of(placed.table, config.kmeans_weight); });
  auto weight = together(comm, [&] { return std::vector<T>(found.weight.begin(), found.weight.end()); });
  found.keep_customers(std::move(placed));
  auto options = config.kmeans;
  start_from(std::move(start), features.matrix.columns, options);

  auto const length = options.distance == Distance::cosine ? RowLength::one : RowLength::own;
  found.base =
      stage("base", [&](Progress&) { return matrix_moments(comm, features.matrix, weight, length); });
  found.segments = stage("kmeans", [&](Progress& p) {
    return kmeans(comm, std::move(features.matrix), options, p, std::move(weight), checkpoint);
  });
  found.features = std::move(features);
}

/// *Collective.* Rules of the base, and of each segment if they are asked for, from one search.
void find_rules_in_one_search(Communicator const& comm, Stages& stage, Configuration const& config,
                              Baskets const& baskets, Share const& min_support, Findings& found) {
  bool const by_segment = found.selected_k() > 1 && config.segment_rules.per_segment > 0;
  auto itemsets = stage("segment itemsets", [&](Progress&) {
    auto const whole =
        by_segment ? std::vector<std::int32_t>() : std::vector<std::int32_t>(baskets.rows(), 0);
    return mine_segments(comm, baskets, by_segment ? found.segments.segment : whole,
                         by_segment ? found.selected_k() : 1,
                         {.min_support = min_support,
                          .max_length = std::min(config.itemsets.max_length, config.rules.max_antecedent + 1),
                          .parents = found.parents,
                          .may_contain = config.itemsets.may_contain,
                          .max_memory = config.itemsets.max_memory});
  });
  SegmentRuleFindings of_segments;
  stage("rules", [&](Progress&) {
    auto const base = together(comm, [&] { return frequent_in_base(itemsets); });
    found.rules = find_rules(comm, base.tree, base.parents, baskets.item_names, config.rules);
    if (by_segment) {
      of_segments.rules =
          together(comm, [&] { return segments_of_rules(found.rules.rules, base.tree, itemsets); });
    }
  });
  if (!by_segment) return;
  stage("segment rules", [&](Progress&) {
    auto options = config.segment_rules;
    options.min_customers = narrow<std::int64_t>(config.privacy.min_cell);
    of_segments.special = find_segment_rules(comm, itemsets, config.rules, options);
  });
  of_segments.item_name = std::move(itemsets.tree.item_name);
  of_segments.size = std::move(itemsets.size);
  of_segments.min_support = std::move(itemsets.min_support);
  of_segments.itemsets = itemsets.tree.nodes();
  found.by_segment = std::move(of_segments);
}

/// *Collective.* Itemsets, counted, and rules unless there are too many.
void find_associations(Communicator const& comm, Stages& stage, Configuration const& config,
                       Baskets const& baskets, Findings& found) {
  found.item_names = baskets.item_names;
  if (!found.parents.empty()) {
    found.generalised = stage("itemsets", [&](Progress&) {
      return mine_generalised(comm, baskets, found.parents, config.itemsets);
    });
    found.has_rules = true;
    find_rules_in_one_search(comm, stage, config, baskets, config.itemsets.min_support, found);
    return;
  }
  stage("itemsets", [&](Progress& p) {
    found.itemsets.emplace(comm, baskets, config.itemsets, ItemsetSearch::Then::find, p);
  });
  auto const& summary = found.itemsets->summary();
  stage.console().note(fmt::format(
      "distribution: {} ({})", schema::name_of(schema::kDistributions, summary.distribution), summary.why));
  found.has_rules = !summary.truncated;
  if (!found.has_rules) return;
  if (found.selected_k() > 1 && config.segment_rules.per_segment > 0) {
    find_rules_in_one_search(comm, stage, config, baskets, Share::of_count(summary.min_support), found);
    return;
  }
  found.rules = stage("rules", [&](Progress&) {
    return find_rules(comm, mine_for_rules(comm, baskets, config.itemsets, config.rules), baskets.item_names,
                      config.rules);
  });
}

/// *Collective.* From tables to `output`.
void do_job(Communicator const& comm, RunRequest const& request, Configuration const& config,
            std::string const& output, StatusWriter& status) {
  AuditLog log(comm, config.privacy.audit_log);
  KeyHasher hash = load_key(comm, config.privacy.key_file);
  auto const key_in_use = key_check(hash);
  auto start = load_initial_centroids(comm, config);
  auto const taxonomy = load_taxonomy(comm, config.items_taxonomy, "items.taxonomy");
  auto const previous = load_previous_quality(comm, config.quality.previous);
  stop_before_job_ends(config.run.stop_seconds);
  Stages stage(comm, &status);
  auto const begin = begin_of(request);
  JobCheckpoint checkpoint(comm, config, key_in_use, begin, stage.console());
  if (begin == JobCheckpoint::Begin::resume && is_result_of(comm, output, config, checkpoint.manifest())) {
    stage.console().note(output + " is there already: an earlier run came to its end");
    checkpoint.finish();
    return;
  }
  ResultFile file(comm, output, request.output.existing());
  Findings found;

  auto prepared = take_up_customers(comm, stage, config, hash, checkpoint);
  auto& placed = prepared.placed;
  found.quality = std::move(prepared.quality);
  hash.forget();
  stage("quality", [&](Progress&) {
    tell_drift(comm, placed.table, previous, found.quality);
    require_quality(config, found.quality);
  });
  if (config.run.write_features) {
    stage("view", [&](Progress&) { write_view(file, config, placed.table); });
  }
  auto const baskets = find_items(comm, stage, config, taxonomy, placed.table, found);
  bool const has_segments = !clustered_features(config).empty();
  if (!has_segments) {
    found.keep_customers(std::move(placed));
  } else if (config.kmeans_precision == Precision::single) {
    find_segments<float>(comm, stage, config, std::move(start), std::move(placed), checkpoint.kmeans(),
                         found);
  } else {
    find_segments<double>(comm, stage, config, std::move(start), std::move(placed), checkpoint.kmeans(),
                          found);
  }
  if (!baskets.item_names.empty()) find_associations(comm, stage, config, baskets, found);
  if (has_segments) {
    found.profile = stage("profile", [&](Progress&) {
      auto const means = segment_means(comm, found.segments, config.kmeans.distance, found.weight);
      return profile_segments(comm, means, found.base, baskets, found.segments.segment);
    });
  }

  stage("write", [&](Progress&) { write_results(comm, file, found, config); });
  if (!found.segments.models.empty()) write_kmeans_work(file, found.segments.work);
  write_quality(file, found, config);
  write_configuration(file, config);
  file.attribute("/run", "key_check", key_in_use);
  write_inputs(comm, file, config, prepared.read, prepared.others.read);
  write_run(comm, file, stage, "run", run_warnings(config, prepared.others.warnings, found));
  file.commit();
  log.add([&] {
    return AuditAct{.command = "run",
                    .result = output,
                    .output = {},
                    .digest = hex(file_digest(comm, output)),
                    .customers = found.blocks.total_rows};
  });
  checkpoint.finish();
  stage.console().note(fmt::format("{} customers, {} segments, {} itemsets, {} rules",
                                   found.blocks.total_rows, found.selected_k(), found.itemset_count(),
                                   found.rules.count()));
  if (!found.parents.empty()) {
    stage.console().note(
        fmt::format("{} rules left out: rules about more general items imply them", found.rules.implied));
  }
  if (found.by_segment) {
    stage.console().note(
        fmt::format("{} rules are special to a segment", found.by_segment->special.rules.size()));
  }
  if (found.itemsets) require_complete(found.itemsets->summary(), config.itemsets);
}

}  // namespace

void run(Communicator const& comm, RunRequest const& request) {
  auto const config = load_configuration(comm, request.configuration, request.overrides);
  auto const output = output_path(config, request);
  require_allowed_paths(comm, config, output);
  StatusWriter status(comm, config.run, "run");
  status.during([&] { do_job(comm, request, config, output, status); });
}

void add_run(CLI::App& app, Action& chosen) {
  auto* const command = app.add_subcommand("run", "Run the job that a configuration describes");
  auto const request = std::make_shared<RunRequest>();
  command
      ->add_option("config", request->configuration,
                   "Configuration (TOML); config/reference.toml lists all keys")
      ->required();
  command->add_option("-o,--output", request->output.path, "Result file, instead of run.output");
  command->add_option("--set", request->overrides, "Change a key: --set kmeans.k=8 --set rules.min_lift=1.2")
      ->take_all();
  command->add_flag("--force", request->output.force,
                    "Replace an existing result file, and begin anew whatever run.checkpoint_dir holds");
  command->add_flag("--resume", request->resume,
                    "Go on from what an earlier run kept in run.checkpoint_dir, on any number of ranks");
  command->footer("Example: mpirun -n 4 tessera run config/demo.toml -o runs/demo.h5");
  command->callback(
      [&chosen, request] { chosen = [request](Communicator const& comm) { run(comm, *request); }; });
}

}  // namespace tessera
