// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/cluster/kmeans.hpp"
#include "tessera/comm/communicator.hpp"
#include "tessera/io/table_spec.hpp"
#include "tessera/itemset/mine.hpp"
#include "tessera/itemset/rules.hpp"
#include "tessera/itemset/segment_rules.hpp"
#include "tessera/prep/aggregate.hpp"
#include "tessera/prep/derive.hpp"
#include "tessera/prep/features.hpp"
#include "tessera/prep/items.hpp"
#include "tessera/prep/reduction.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// One TOML file describes a run. Every key with its unit, range and default is listed in
/// config/reference.toml, which is generated from the same schema (src/app/schema.hpp) that reads a
/// configuration.
namespace tessera {

struct RunSection {
  std::string name;
  std::string as_of;  ///< reference day, YYYY-MM-DD
  std::uint64_t seed = 42;
  std::string output;
  std::string folder;          ///< of the tables' relative paths; becomes part of them when they are read
  std::string checkpoint_dir;  ///< empty: nothing is kept
  std::uint64_t checkpoint_seconds = 300, stop_seconds = 60;
  std::string status_dir;       ///< empty: no status
  std::string prometheus_file;  ///< empty: no metrics
  bool write_features = false;  ///< every customer's raw values, as /customers/view
};

struct PrivacySection {
  std::string
      key_file;  ///< 32 bytes in hexadecimal; empty: ids are hashed with an all-zero key, and the run says so
  std::uint64_t min_cell = 20;              ///< smallest group of customers shown to people
  std::string audit_log;                    ///< file that a line about the run is appended to; empty: none
  std::vector<std::string> restrict_paths;  ///< folders that files may be in; empty: any
};

/// What the customers' table must be like for the run to go on.
struct QualitySection {
  std::string previous;  ///< result file of an earlier run that drift is told against; empty: none
  std::optional<double> max_missing;     ///< share of a column's customers; a column may have its own
  std::uint64_t min_rows = 0;            ///< customers
  std::optional<double> max_duplicates;  ///< share of the accepted rows that repeat an id
  std::optional<double> max_drift;       ///< population stability index of a column
};

/// What K-means computes in; sums are exact in either.
enum class Precision { single, twice };

/// A [[feature]]: a number of each customer. Its values are those of a column of the customers' table, or an
/// aggregate of another table's rows, or derived from earlier features; then they become a column of the
/// customers that is called as the feature.
struct FeatureSection : FeatureSpec {
  Aggregate aggregate = Aggregate::none;  ///< of `column` of `table`
  std::vector<Condition> where;
  std::string as_of;  ///< YYYY-MM-DD; empty: run.as_of
  std::uint64_t window_days = 0, against_days = 0;
  std::vector<std::string> category;
  std::vector<std::string> ratio, difference;  ///< two features or columns of the customers; or empty
  std::string quintile;                        ///< a feature or column of the customers; or empty
  Best best = Best::high;
  bool cluster = true;  ///< false: for items, rules and results only

  [[nodiscard]] bool is_derived() const { return !ratio.empty() || !difference.empty() || !quintile.empty(); }
};

enum class PresetKind { rfm, deposits, credit, engagement };

/// A [[preset]]: features that belong together, from the names of a table's columns. It is replaced by what
/// it stands for when a configuration is read.
struct PresetSection {
  PresetKind kind = PresetKind::rfm;
  std::string name;  ///< what the features' names begin with; empty: the kind
  std::string table;
  std::vector<Condition> where;
  std::string as_of;
  std::uint64_t window_days = 0;
  std::string amount;                         ///< rfm, deposits
  std::string term, product, rollover;        ///< deposits
  std::vector<std::string> products, rolled;  ///< deposits: values of product, rollover
  std::string balance, limit, days_past_due;  ///< credit
  std::uint64_t arrears_days = 1;             ///< credit
  std::string channel, event;                 ///< engagement
  std::vector<std::string> logins;            ///< engagement: values of event
};

struct Configuration {
  RunSection run;
  PrivacySection privacy;
  std::vector<TableSpec> tables;
  std::vector<FeatureSection> features;
  std::vector<PresetSection> presets;  ///< empty once expanded into features
  QualitySection quality;
  ReductionSpec reduction;
  double correlation_report = 0.95;  ///< pairs of features with |r| of so much are reported
  bool drop_correlated = false;      ///< and the later one of each is left out
  KMeansOptions kmeans;
  std::string kmeans_centroids;  ///< "FILE.h5:/dataset" for init = "file", in scaled units
  std::string kmeans_weight;     ///< number column that tells how many each customer counts as; empty: one
  Precision kmeans_precision = Precision::single;
  ItemSpec items;
  std::string items_taxonomy;  ///< file of lines "child,parent"; empty: none
  ItemsetOptions itemsets;
  RuleOptions rules;
  SegmentRuleOptions segment_rules;  ///< min_customers is privacy.min_cell

  /// The customers' own table: the first.
  [[nodiscard]] TableSpec const& customers() const { return tables.front(); }
};

/// Local. Reads a configuration from text. `origin` names the file in messages; `overrides` are
/// "section.key=value" with the value in TOML. Throws ConfigurationError that names key, value, line and what
/// is allowed.
[[nodiscard]] Configuration parse_configuration(std::string const& text, std::string const& origin,
                                                std::vector<std::string> const& overrides);

/// *Collective.* The same from a file that rank 0 reads.
[[nodiscard]] Configuration load_configuration(Communicator const& comm, std::string const& path,
                                               std::vector<std::string> const& overrides);

/// Local. The configuration in effect, defaults included, as TOML that reads back to the same configuration.
[[nodiscard]] std::string to_toml(Configuration const& configuration);

/// Local. Whether a column's values may not be written for single customers: it is marked `sensitive`, or is
/// the key. False for a table or column that is not declared.
[[nodiscard]] bool is_sensitive(Configuration const& configuration, std::string_view table,
                                std::string_view column);

/// Local. Every key with help, unit, range and default: the text of config/reference.toml.
[[nodiscard]] std::string reference_toml();

}  // namespace tessera
