// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/cluster/kmeans.hpp"
#include "tessera/core/key.hpp"
#include "tessera/data/row_blocks.hpp"
#include "tessera/itemset/mine.hpp"
#include "tessera/itemset/rules.hpp"
#include "tessera/itemset/segment_rules.hpp"
#include "tessera/itemset/taxonomy.hpp"
#include "tessera/prep/correlated.hpp"
#include "tessera/prep/features.hpp"
#include "tessera/prep/place.hpp"
#include "tessera/prep/quality.hpp"
#include "tessera/prep/reduction.hpp"
#include "tessera/profile/segment_profile.hpp"
#include "tessera/stats/matrix_moments.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace tessera {

/// Rules by segment of the selected model.
struct SegmentRuleFindings {
  std::vector<std::string> item_name;
  std::vector<std::int64_t> size, min_support;  ///< [segments]
  std::uint64_t itemsets = 0;                   ///< frequent in some segment
  RuleSegments rules;                           ///< of the whole base
  SegmentRuleResult special;
};

/// All that a run found; parts that the configuration does not ask for stay empty.
struct Findings {
  RowBlocks blocks;
  std::vector<Key> keys;
  TableQuality quality;
  FeatureSet features;
  std::vector<CorrelatedFeatures> correlated;  ///< before any was left out
  std::optional<Reduction> reduction;
  std::vector<double> weight;  ///< [customers] as so many each counts; empty: as one
  MatrixMoments base;          ///< of the features; for the cosine distance, of customers brought to length 1
  KMeansResult segments;
  std::vector<std::string> item_names;
  std::optional<ItemsetSearch> itemsets;     ///< counted; they are found when they are written
  Parents parents;                           ///< [item_names]; empty without a taxonomy
  std::optional<ItemsetResult> generalised;  ///< with a taxonomy, instead of `itemsets`
  RuleResult rules;
  bool has_rules = false;
  std::optional<SegmentRuleFindings> by_segment;  ///< of the rules
  SegmentProfiles profile;

  /// Takes over who the customers are; their raw columns are freed.
  void keep_customers(Placed placed) {
    keys = std::move(placed.table.keys);
    blocks = std::move(placed.table.blocks);
  }
  [[nodiscard]] std::uint64_t itemset_count() const {
    return generalised ? generalised->itemsets : itemsets ? itemsets->summary().itemsets : 0;
  }
  /// Precondition: there are models.
  [[nodiscard]] KMeansModel const& selected() const { return segments.models[segments.selected]; }
  /// Segments of the selected model; 0 without one.
  [[nodiscard]] std::uint64_t selected_k() const { return segments.models.empty() ? 0 : selected().k; }
};

}  // namespace tessera
