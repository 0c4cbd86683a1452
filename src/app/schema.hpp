// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/app/configuration.hpp"

#include "choices.hpp"
#include "schema_features.hpp"
#include "schema_key.hpp"
#include "schema_tables.hpp"

/// The keys of a configuration, said once: name, meaning, unit and range beside the field that holds the
/// value. A visitor reads them from TOML (toml_reader) or writes them (toml_writer).
namespace tessera::schema {

template <class Visitor>
void visit(Visitor& v, BinSpec& bin) {
  v.value({.name = "column", .help = "a number column of the customers' table", .required = true},
          bin.column);
  v.value({"quantiles", "bins of about equal size", "bins", 2, 1000}, bin.quantiles);
}

template <class Visitor>
void visit(Visitor& v, Configuration& c) {
  v.section(
      {.name = "run", .help = "what the run is called and where its result goes", .required = true},
      [&](Visitor& run) {
        run.value({.name = "name", .help = "name of the run", .required = true}, c.run.name);
        run.date({"as_of", "reference day for recency and windows"}, c.run.as_of);
        run.value({"seed", "of every random draw", "", 0, 9e15}, c.run.seed);
        run.value({"output", "the result file; -o replaces it"}, c.run.output);
        run.value({"folder", "what the paths of tables are relative to; empty: the working directory"},
                  c.run.folder);
        run.value(
            {"checkpoint_dir", "where a run keeps what another can go on from with --resume; empty: nowhere"},
            c.run.checkpoint_dir);
        run.value({"checkpoint_seconds", "how often; 0: as often as it can", "seconds", 0, 1e6},
                  c.run.checkpoint_seconds);
        run.value({"stop_seconds", "under Slurm, how long before the job's end the run stops by itself",
                   "seconds", 0, 86400},
                  c.run.stop_seconds);
        run.value(
            {"status_dir",
             "where a run tells how it is doing: status.json, which `tessera status` reads, and log.jsonl; "
             "empty: nowhere"},
            c.run.status_dir);
        run.value({"prometheus_file", "the same as metrics for Prometheus' collector of files; empty: none"},
                  c.run.prometheus_file);
        run.value({"write_features", "writes every customer's values, before imputation, as /customers/view"},
                  c.run.write_features);
      });
  v.section({"privacy", "pseudonyms and small groups"}, [&](Visitor& privacy) {
    privacy.value(
        {"key_file", "32 bytes in hexadecimal, file mode 0600; without it pseudonyms can be recomputed"},
        c.privacy.key_file);
    privacy.value({"min_cell", "smallest group shown to people", "customers", 1, 1e9}, c.privacy.min_cell);
    privacy.value({"audit_log", "file that says who ran what: a line a run is appended; empty: none"},
                  c.privacy.audit_log);
    privacy.value({"restrict_paths",
                   "folders that every input and output is in once links are followed; empty: anywhere"},
                  c.privacy.restrict_paths);
  });
  v.sections({.name = "table", .help = "an input table; the first is the customers' own", .required = true},
             c.tables);
  v.section({"quality", "gates that stop the run before its expensive stages (exit code 3)"},
            [&](Visitor& quality) { visit_quality(quality, c.quality); });
  v.sections({"feature",
              "a number of each customer, to cluster by: a column, an aggregate of another table's rows, or "
              "derived from both"},
             c.features);
  v.sections({"preset", "features that belong together, from the columns of a table"}, c.presets);
  v.section({"reduction", "features that say the same brought down to fewer"},
            [&](Visitor& reduction) { visit_reduction(reduction, c); });
  v.section({"kmeans", "segments"}, [&](Visitor& kmeans) {
    kmeans.value({"k", "one model or a sweep", "segments", 1, 1e6}, c.kmeans.k);
    kmeans.choice({"init", "how centroids start"}, c.kmeans.init, kInits);
    kmeans.value({"centroids", "for init = \"file\": FILE.h5:/dataset, in scaled units"}, c.kmeans_centroids);
    kmeans.value({"restarts", "starts per k; the lowest inertia is kept", "starts", 1, 1e6},
                 c.kmeans.restarts);
    kmeans.value({"max_iterations", "", "iterations", 1, 1e9}, c.kmeans.max_iterations);
    kmeans.value({"tolerance", "stop at this squared shift of the centroids; 0: until no assignment changes",
                  "scaled units squared", 0},
                 c.kmeans.tolerance);
    kmeans.value(
        {"weight", "number column, above 0 for every row: a customer counts as so many; empty: as one"},
        c.kmeans_weight);
    kmeans.choice({"distance", "cosine: of customers and centroids brought to length 1"}, c.kmeans.distance,
                  kDistances);
    kmeans.choice({"precision", "of features and distances; double takes twice the memory"},
                  c.kmeans_precision, kPrecisions);
    kmeans.choice(
        {"pruning", "leaves out customers whose segment cannot have changed; never changes the result"},
        c.kmeans.pruning, kPrunings);
    kmeans.value(
        {"together", "how many of all k and restarts advance at a time; 0: all; never changes the result",
         "models, 8 bytes a customer each", 0, 1e9},
        c.kmeans.together);
    kmeans.choice({"select_by", "index that chooses among the values of k"}, c.kmeans.select_by, kIndices);
  });
  v.section({"items", "what counts as an item of a customer's basket"}, [&](Visitor& items) {
    items.value({"columns", "category columns"}, c.items.columns);
    items.value({"taxonomy", "file of lines child,parent: which item is a kind of which; empty: none"},
                c.items_taxonomy);
    items.sections({"bins", "number columns cut at quantiles"}, c.items.bins);
  });
  v.section({"itemsets", "what goes together"}, [&](Visitor& itemsets) {
    itemsets.value({"min_support", "\"1%\", \"3/1000\" or a count", "share or customers"},
                   c.itemsets.min_support);
    itemsets.choice({"kind", "which itemsets are reported"}, c.itemsets.kind, kItemsetKinds);
    itemsets.value({"min_length", "shorter ones are not reported", "items", 1, 65535}, c.itemsets.min_length);
    itemsets.value({"max_length", "longer ones are not reported", "items", 1, 65535}, c.itemsets.max_length);
    itemsets.value({"must_contain", "items that every reported itemset holds"}, c.itemsets.must_contain);
    itemsets.value({"may_contain", "items to mine; empty: all of them"}, c.itemsets.may_contain);
    itemsets.value(
        {"top_k", "only so many, those of most support, and their ties; 0: all", "itemsets", 0, 9e15},
        c.itemsets.top_k);
    itemsets.value(
        {"max_itemsets", "beyond it only those of higher support are found, and the exit code is 4",
         "itemsets", 1, 9e15},
        c.itemsets.max_itemsets);
    itemsets.choice(
        {"distribution",
         "task: each node holds all baskets, ranks share itemsets; count: customers stay on their rank"},
        c.itemsets.distribution, kDistributions);
    itemsets.value({"max_memory", "for mining on a rank", "bytes", 1 << 20}, c.itemsets.max_memory);
  });
  v.section({"rules", "association rules from the itemsets"}, [&](Visitor& rules) {
    rules.value({"min_confidence", "", "share", 0, 1}, c.rules.min_confidence);
    rules.value({"min_lift", "", "ratio", 0}, c.rules.min_lift);
    rules.value({"min_improvement", "least gain in confidence over every simpler rule", "share", 0, 1},
                c.rules.min_improvement);
    rules.value({"max_antecedent", "", "items", 1, 65535}, c.rules.max_antecedent);
    rules.value({"consequents", "items allowed as consequent; empty: any"}, c.rules.consequents);
    rules.value({"interest",
                 "with items.taxonomy: a rule needs so many times the support or confidence that the rule "
                 "with an item's parent instead predicts",
                 "ratio", 1},
                c.rules.interest);
    rules.value({"per_segment", "the best so many special to each segment, by contrast lift; 0: none",
                 "rules", 0, 1e5},
                c.segment_rules.per_segment);
    rules.value({"segment_max_q_value",
                 "false discoveries accepted among the rules special to segments (Benjamini-Hochberg)",
                 "share", 0, 1},
                c.segment_rules.max_q_value);
  });
}

}  // namespace tessera::schema
