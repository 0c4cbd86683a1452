// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/comm/communicator.hpp"
#include "tessera/itemset/rules.hpp"
#include "tessera/itemset/segment_itemsets.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

/// Rules that are special to a segment: how much more often C follows from A there than in the rest of the
/// base. Contrast sets: Bay and Pazzani, "Detecting group differences: mining contrast sets", 2001.
namespace tessera {

struct SegmentRuleOptions {
  std::uint64_t per_segment = 10;  ///< the best so many of each segment; 0: none
  double max_q_value = 0.05;       ///< rules of a larger q-value are not kept
  std::int64_t min_customers = 1;  ///< least customers of a segment that hold A and C
};

/// A rule A -> C in a segment against the rest of the base.
struct SegmentRule {
  std::int32_t segment = 0;
  std::vector<std::int32_t> antecedent;  ///< indices into SegmentItemsets::tree.item_name, ascending
  std::int32_t consequent = 0;
  std::int64_t support = 0, antecedent_support = 0;            ///< customers of the segment
  std::int64_t rest_support = 0, rest_antecedent_support = 0;  ///< customers of the rest
  double confidence = 0;                                       ///< in the segment
  double rest_confidence = 0;                                  ///< in the rest; 0 where nobody there holds A
  double contrast_lift = 0;  ///< confidence / rest_confidence; +infinity where that is 0
  double improvement = 0;    ///< confidence less the best one of a simpler rule in the segment
  double p_value =
      0;  ///< Fisher, one-sided: among all customers with A, C is as common in the segment as not
  double q_value = 0;  ///< Benjamini and Hochberg 1995 over the tests of all segments
};

struct SegmentRuleResult {
  std::vector<SegmentRule> rules;  ///< by segment, then as find_segment_rules says; the same on every rank
  std::uint64_t tests = 0;         ///< candidates (segment, A -> C) with A + C frequent in the segment
};

/// *Collective.* The best rules of every segment: by descending contrast lift, then support in the segment,
/// then antecedent items, then consequent. Kept are rules with the confidence, improvement and consequents
/// that `rules` asks for within the segment, a contrast lift of at least rules.min_lift and above 1, and both
/// confidence and contrast lift above those of every simpler rule A' -> C in the segment, A' a proper subset
/// of A, the empty one included. None where there is only one segment. Ranks share the itemsets as in
/// find_rules. Throws ConfigurationError for thresholds out of range.
[[nodiscard]] SegmentRuleResult find_segment_rules(Communicator const& comm, SegmentItemsets const& itemsets,
                                                   RuleOptions const& rules,
                                                   SegmentRuleOptions const& options);

/// Local. Support of rules of the whole base in every segment, row-major [rules of this rank, segments].
struct RuleSegments {
  std::vector<std::int64_t> support, antecedent_support;
};
[[nodiscard]] RuleSegments segments_of_rules(RuleColumns const& rules, ItemsetTree const& base,
                                             SegmentItemsets const& itemsets);

}  // namespace tessera
