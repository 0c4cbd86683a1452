// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/cluster/kmeans.hpp"
#include "tessera/comm/communicator.hpp"
#include "tessera/io/table_spec.hpp"
#include "tessera/itemset/mine.hpp"
#include "tessera/itemset/rules.hpp"
#include "tessera/itemset/segment_rules.hpp"
#include "tessera/prep/features.hpp"
#include "tessera/prep/items.hpp"
#include "tessera/prep/reduction.hpp"

#include <cstdint>
#include <optional>
#include <string>
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
};

struct PrivacySection {
  std::string
      key_file;  ///< 32 bytes in hexadecimal; empty: ids are hashed with an all-zero key, and the run says so
  std::uint64_t min_cell = 20;  ///< smallest group of customers shown to people
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

struct Configuration {
  RunSection run;
  PrivacySection privacy;
  std::vector<TableSpec> tables;
  QualitySection quality;
  std::vector<FeatureSpec> features;
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

/// Local. Every key with help, unit, range and default: the text of config/reference.toml.
[[nodiscard]] std::string reference_toml();

}  // namespace tessera
