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

#include <cstdint>
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
};

struct PrivacySection {
  std::string
      key_file;  ///< 32 bytes in hexadecimal; empty: ids are hashed with an all-zero key, and the run says so
  std::uint64_t min_cell = 20;  ///< smallest group of customers shown to people
};

/// What K-means computes in; sums are exact in either.
enum class Precision { single, twice };

struct Configuration {
  RunSection run;
  PrivacySection privacy;
  std::vector<TableSpec> tables;
  std::vector<FeatureSpec> features;
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
