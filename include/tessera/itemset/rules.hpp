// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/comm/communicator.hpp"
#include "tessera/itemset/mine.hpp"
#include "tessera/itemset/tree.hpp"

#include <cstdint>
#include <string>
#include <vector>

/// Association rules A -> C from frequent itemsets, with measures and significance.
namespace tessera {

struct RuleOptions {
  double min_confidence = 0.5;
  double min_lift = 1.0;
  double min_improvement = 0.0;  ///< least gain in confidence over every rule A' -> C with A' a proper subset
                                 ///< of A, the empty one included (Bayardo, Agrawal and Gunopulos 2000); a
                                 ///< rule that does no better than a simpler one is never kept
  std::uint64_t max_antecedent = 5;        ///< items
  std::vector<std::string> consequents{};  ///< item names allowed as consequent; empty: any single item
};

/// One rule. Items are indices into ItemsetTree::item_name, ascending.
struct Rule {
  std::vector<std::int32_t> antecedent;
  std::int32_t consequent = 0;
  std::int64_t support = 0;             ///< baskets with antecedent and consequent
  std::int64_t antecedent_support = 0;  ///< baskets with the antecedent
  std::int64_t consequent_support = 0;
  double confidence = 0, lift = 0, leverage = 0;
  double conviction = 0;  ///< +infinity at confidence 1
  double zhang = 0;       ///< Zhang 2000, in [-1, 1]
  double improvement = 0;
  double p_value = 0;  ///< Fisher's exact test, one-sided (greater)
  double q_value = 0;  ///< Benjamini and Hochberg 1995 over `tests` p-values
};

struct RuleResult {
  std::vector<Rule> rules;  ///< by descending lift, then support, then items; the same on every rank
  std::uint64_t tests = 0;  ///< candidate rules A -> C with frequent A + C that q-values account for
  std::vector<std::string> warnings;
};

/// *Collective.* All frequent itemsets that rules can be made of, in memory on every rank. Throws
/// ResourceError where they do not fit `itemsets.max_memory`.
[[nodiscard]] ItemsetTree mine_for_rules(Communicator const& comm, Baskets const& baskets,
                                         ItemsetOptions const& itemsets, RuleOptions const& rules);

/// *Collective.* `tree` is the same on every rank and holds all frequent itemsets (every subset of a node is
/// a node), whether reported or not. Throws ConfigurationError for thresholds out of range and for a
/// consequent that is no item (one that is merely infrequent gives a warning), BugError for a tree that lacks
/// a subset. Every rank looks at all candidates, 16 bytes and a few look-ups each; the p-values are shared
/// out.
[[nodiscard]] RuleResult find_rules(Communicator const& comm, ItemsetTree const& tree,
                                    std::vector<std::string> const& all_item_names,
                                    RuleOptions const& options);

}  // namespace tessera
