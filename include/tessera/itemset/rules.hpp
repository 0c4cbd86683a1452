// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/comm/communicator.hpp"
#include "tessera/data/row_blocks.hpp"
#include "tessera/itemset/mine.hpp"
#include "tessera/itemset/taxonomy.hpp"
#include "tessera/itemset/tree.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
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
  std::uint64_t max_antecedent = 5;  ///< items
  double interest = 1.1;  ///< with a taxonomy: a rule needs this many times the support or the confidence
                          ///< that each of its ancestor rules predicts
  std::vector<std::string> consequents{};  ///< item names allowed as consequent; empty: any single item
};

/// Rules A -> C as columns; this rank's run of all of them, by descending lift, then support, then antecedent
/// items (as a word in a dictionary: a prefix comes first), then consequent. Items are indices into
/// ItemsetTree::item_name, ascending.
struct RuleColumns {
  RowBlocks blocks;                                 ///< regular blocks of rules
  std::vector<std::uint64_t> antecedent_offset{0};  ///< [rules + 1] into antecedent_item
  std::vector<std::int32_t> antecedent_item;
  std::vector<std::int32_t> consequent;
  std::vector<std::int64_t> support;             ///< baskets with antecedent and consequent
  std::vector<std::int64_t> antecedent_support;  ///< baskets with the antecedent
  std::vector<std::int64_t> consequent_support;
  std::vector<double> confidence, lift, leverage;
  std::vector<double> conviction;   ///< +infinity at confidence 1
  std::vector<double> zhang;        ///< Zhang 2000, in [-1, 1]
  std::vector<double> improvement;  ///< confidence less the best one of a simpler rule
  std::vector<double> p_value;      ///< Fisher's exact test, one-sided (greater)
  std::vector<double> q_value;      ///< Benjamini and Hochberg 1995 over `tests` p-values

  /// Of this rank.
  [[nodiscard]] std::size_t size() const noexcept { return consequent.size(); }
  [[nodiscard]] std::span<std::int32_t const> antecedent(std::size_t rule) const noexcept {
    return std::span(antecedent_item)
        .subspan(antecedent_offset[rule], antecedent_offset[rule + 1] - antecedent_offset[rule]);
  }
};

struct RuleResult {
  RuleColumns rules;
  std::uint64_t tests = 0;    ///< candidate rules A -> C with frequent A + C that q-values account for
  std::uint64_t implied = 0;  ///< rules left out because an ancestor rule predicts them
  std::vector<std::string> warnings;

  /// Over all ranks.
  [[nodiscard]] std::uint64_t count() const noexcept { return rules.blocks.total_rows; }
};

/// *Collective.* All frequent itemsets that rules can be made of, in memory on every rank. Throws
/// ResourceError where they do not fit `itemsets.max_memory`.
[[nodiscard]] ItemsetTree mine_for_rules(Communicator const& comm, Baskets const& baskets,
                                         ItemsetOptions const& itemsets, RuleOptions const& rules);

/// *Collective.* `tree` is the same on every rank and holds all frequent itemsets (every subset of a node is
/// a node), whether reported or not. Throws ConfigurationError for thresholds out of range and for a
/// consequent that is no item (one that is merely infrequent gives a warning), BugError for a tree that lacks
/// a subset. Ranks share the itemsets of each length evenly, by number; what they learn about one length (16
/// bytes a candidate, the best confidence of a simpler rule) goes to all before the next. Otherwise no rank
/// holds more than its share: 8 bytes a candidate for its p-value, 80 a rule.
[[nodiscard]] RuleResult find_rules(Communicator const& comm, ItemsetTree const& tree,
                                    std::vector<std::string> const& all_item_names,
                                    RuleOptions const& options);

/// *Collective.* The same over items with a taxonomy, [tree.item_name] `parents`; the tree holds no itemset
/// with related items. A rule is left out where it is not R-interesting (Srikant and Agrawal 1995): where a
/// rule with one of its items replaced by the parent, which itself has the confidence and lift asked for,
/// predicts more than 1 / options.interest of both its support and its confidence. Predicted are the ancestor
/// rule's support, times the share of the parent's baskets that hold the item, and its confidence, times that
/// share if the item is the consequent.
[[nodiscard]] RuleResult find_rules(Communicator const& comm, ItemsetTree const& tree, Parents const& parents,
                                    std::vector<std::string> const& all_item_names,
                                    RuleOptions const& options);

}  // namespace tessera
