// SPDX-License-Identifier: Apache-2.0
#include "tessera/itemset/rules.hpp"

#include "tessera/comm/agree.hpp"
#include "tessera/comm/collectives.hpp"
#include "tessera/core/narrow.hpp"
#include "tessera/itemset/fisher.hpp"

#include <algorithm>
#include <cmath>
#include <span>
#include <tuple>

#include "benjamini_hochberg.hpp"
#include "measures.hpp"
#include "subset_walk.hpp"
#include <fmt/format.h>

namespace tessera {

namespace {

void check(RuleOptions const& options) {
  auto const reject = [](std::string what_is_wrong, std::string remedy) {
    throw ConfigurationError(std::move(what_is_wrong), "it decides which rules are kept", std::move(remedy));
  };
  if (!(options.min_confidence >= 0 && options.min_confidence <= 1)) {
    reject(fmt::format("rules.min_confidence = {}", options.min_confidence), "set it to a share from 0 to 1");
  }
  if (!(options.min_lift >= 0 && std::isfinite(options.min_lift))) {
    reject(fmt::format("rules.min_lift = {}", options.min_lift), "set it to a number from 0 on");
  }
  if (!(options.min_improvement >= 0 && options.min_improvement <= 1)) {
    reject(fmt::format("rules.min_improvement = {}", options.min_improvement),
           "set it to a share from 0 to 1");
  }
  if (options.max_antecedent == 0) reject("rules.max_antecedent = 0", "set it to 1 or more items");
}

/// [item_name of the tree] may the item be a consequent?
std::vector<std::uint8_t> allowed_consequents(ItemsetTree const& tree,
                                              std::vector<std::string> const& all_item_names,
                                              RuleOptions const& options,
                                              std::vector<std::string>& warnings) {
  std::vector<std::uint8_t> allowed(tree.item_name.size(), options.consequents.empty() ? 1 : 0);
  for (auto const& name : options.consequents) {
    auto const found = std::find(tree.item_name.begin(), tree.item_name.end(), name);
    if (found != tree.item_name.end()) {
      allowed[static_cast<std::size_t>(found - tree.item_name.begin())] = 1;
    } else if (std::find(all_item_names.begin(), all_item_names.end(), name) != all_item_names.end()) {
      warnings.push_back(fmt::format("the consequent '{}' is in fewer than {} baskets: no rule leads to it",
                                     name, tree.min_support));
    } else {
      throw ConfigurationError(fmt::format("rules.consequents names '{}', which is no item", name),
                               "no rule could lead to it",
                               "correct the name; items are listed in /itemsets/item_name");
    }
  }
  return allowed;
}

/// Goes through all candidates A -> c and knows for each the best confidence of the rules A' -> c, A' in A.
/// All ranks do this for all candidates, because a rule depends on simpler ones anywhere in the tree; it
/// costs some look-ups a candidate. The expensive p-values are computed by one rank each.
class RuleSearch {
 public:
  RuleSearch(ItemsetTree const& tree, std::vector<std::uint8_t> const& allowed, RuleOptions const& options)
      : tree_(tree),
        allowed_(allowed),
        options_(options),
        max_length_(std::max(options.max_antecedent, options.max_antecedent + 1)),
        single_(tree.item_name.size()) {
    first_.reserve(tree.nodes() + 1);
    std::vector<std::uint64_t> consequents{0};  // allowed items among the first d of the path
    for (std::size_t node = 0; node < tree.nodes(); ++node) {
      std::size_t const depth = tree.depth[node];
      consequents.resize(depth);
      consequents.push_back(consequents.back() + allowed[static_cast<std::size_t>(tree.item[node])]);
      if (depth == 1) single_[static_cast<std::size_t>(tree.item[node])] = tree.support[node];
      bool const in_reach = depth <= max_length_;
      first_.push_back(first_.back() + (in_reach ? consequents.back() : 0));
      if (in_reach && depth > 1) candidates_ += consequents.back();
    }
    best_.resize(first_.back());
  }

  [[nodiscard]] std::uint64_t candidates() const noexcept { return candidates_; }

  /// Calls visit(rule, kept) for every candidate, in an order that is the same on every rank; the rule has
  /// its supports, and all its measures but the p- and q-value when it is kept.
  template <class Visit>
  void run(Visit&& visit) {
    walk_subsets(tree_, TreeIndex(tree_), max_length_,
                 [&](std::span<std::uint64_t const> path, std::span<std::uint64_t const> subsets) {
                   std::size_t before = 0;  // allowed items before position c
                   for (std::size_t c = 0; c < path.size(); ++c) {
                     if (is_allowed(path[c])) candidate(path, subsets, c, before++, visit);
                   }
                 });
  }

 private:
  [[nodiscard]] bool is_allowed(std::uint64_t node) const {
    return allowed_[static_cast<std::size_t>(tree_.item[node])] != 0;
  }

  template <class Visit>
  void candidate(std::span<std::uint64_t const> path, std::span<std::uint64_t const> subsets, std::size_t c,
                 std::size_t before, Visit&& visit) {
    auto const rows = narrow<std::int64_t>(tree_.rows);
    auto& best = best_[first_[path.back()] + before];
    if (path.size() == 1) {
      best = {tree_.support[path.back()], rows};
      return;
    }
    Confidence simpler{0, 1};
    for (std::size_t j = 0; j < path.size(); ++j) {
      if (subsets[j] == kNoNode)
        throw BugError("an itemset without one of its subsets: rules need all of them");
      if (j == c) continue;
      // Without item j, which may itself be a consequent that stands before c.
      auto const& other = best_[first_[subsets[j]] + before - (j < c && is_allowed(path[j]) ? 1 : 0)];
      if (simpler < other) simpler = other;
    }
    Confidence const own{tree_.support[path.back()], tree_.support[subsets[c]]};
    best = simpler < own ? own : simpler;

    Rule rule;
    rule.support = own.both;
    rule.antecedent_support = own.antecedent;
    rule.consequent = tree_.item[path[c]];
    rule.consequent_support = single_[static_cast<std::size_t>(rule.consequent)];
    bool kept = simpler < own;
    if (kept) {
      measure(rule, rows, simpler);
      kept = rule.confidence >= options_.min_confidence && rule.lift >= options_.min_lift &&
             rule.improvement >= options_.min_improvement;
    }
    if (kept) {
      for (std::size_t j = 0; j < path.size(); ++j) {
        if (j != c) rule.antecedent.push_back(tree_.item[path[j]]);
      }
    }
    visit(std::move(rule), kept);
  }

  ItemsetTree const& tree_;
  std::vector<std::uint8_t> const& allowed_;
  RuleOptions const& options_;
  std::uint64_t max_length_;
  std::uint64_t candidates_ = 0;
  /// [nodes + 1] into best_: an entry for each allowed item of each itemset.
  std::vector<std::uint64_t> first_{0};
  std::vector<Confidence> best_;      ///< best confidence of A' -> c over all A' in A, A itself included
  std::vector<std::int64_t> single_;  ///< [item_name] support
};

}  // namespace

ItemsetTree mine_for_rules(Communicator const& comm, Baskets const& baskets, ItemsetOptions const& itemsets,
                           RuleOptions const& rules) {
  auto options = itemsets;
  // Every subset of an itemset is needed, whatever kind is reported.
  options.kind = ItemsetKind::all;
  options.min_length = 1;
  options.must_contain.clear();
  options.max_length =
      std::min(itemsets.max_length, std::max(rules.max_antecedent, rules.max_antecedent + 1));
  // A node here, in the index of the search for rules, and once more while ranks exchange them.
  options.max_itemsets = itemsets.max_memory / 96 + 1;
  auto result = mine_itemsets(comm, baskets, options);
  if (!result.truncated) return std::move(result.tree);
  throw ResourceError(
      fmt::format("rules at minimum support {} need more than {} itemsets in memory",
                  itemsets.min_support.text(), options.max_itemsets),
      fmt::format("itemsets.max_memory = {} bytes would not hold them", itemsets.max_memory),
      fmt::format("set itemsets.min_support to {} or more, lower rules.max_antecedent, or raise "
                  "itemsets.max_memory",
                  result.tree.min_support));
}

RuleResult find_rules(Communicator const& comm, ItemsetTree const& tree,
                      std::vector<std::string> const& all_item_names, RuleOptions const& options) {
  check(options);
  RuleResult result;
  auto const allowed = allowed_consequents(tree, all_item_names, options, result.warnings);
  std::vector<double> p_values;  // of the candidates of this rank
  std::vector<double> kept;      // of the kept ones among them
  together(comm, [&] {
    RuleSearch search(tree, allowed, options);
    result.tests = search.candidates();
    auto const bound = [&](int rank) {
      return static_cast<std::uint64_t>(static_cast<unsigned __int128>(result.tests) *
                                        static_cast<std::uint64_t>(rank) /
                                        static_cast<std::uint64_t>(comm.size()));
    };
    auto const rows = narrow<std::int64_t>(tree.rows);
    std::uint64_t const first = bound(comm.rank()), last = bound(comm.rank() + 1);
    p_values.reserve(last - first);
    std::uint64_t ordinal = 0;
    search.run([&](Rule&& rule, bool is_kept) {
      bool const mine = ordinal >= first && ordinal < last;
      ++ordinal;
      if (mine) {
        p_values.push_back(
            fisher_greater(rows, rule.antecedent_support, rule.consequent_support, rule.support));
        if (is_kept) kept.push_back(p_values.back());
      }
      if (is_kept) result.rules.push_back(std::move(rule));
    });
  });
  auto const q_values = benjamini_hochberg(comm, std::move(p_values), kept);
  auto const all_p = all_gather(comm, std::span<double const>(kept)).values;
  auto const all_q = all_gather(comm, std::span<double const>(q_values)).values;
  for (std::size_t i = 0; i < result.rules.size(); ++i) {
    result.rules[i].p_value = all_p[i];
    result.rules[i].q_value = all_q[i];
  }
  std::sort(result.rules.begin(), result.rules.end(), [](Rule const& a, Rule const& b) {
    return std::tie(b.lift, b.support, a.antecedent, a.consequent) <
           std::tie(a.lift, a.support, b.antecedent, b.consequent);
  });
  return result;
}

}  // namespace tessera
