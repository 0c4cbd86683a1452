// SPDX-License-Identifier: Apache-2.0
#include "tessera/itemset/rules.hpp"

#include "tessera/comm/agree.hpp"
#include "tessera/comm/collectives.hpp"
#include "tessera/core/narrow.hpp"
#include "tessera/data/redistribute.hpp"
#include "tessera/itemset/fisher.hpp"

#include <algorithm>
#include <cmath>
#include <span>
#include <tuple>

#include "benjamini_hochberg.hpp"
#include "interest.hpp"
#include "levels.hpp"
#include "rule_batch.hpp"
#include "sample_sort.hpp"
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
  if (!(options.interest >= 1 && std::isfinite(options.interest))) {
    reject(fmt::format("rules.interest = {}", options.interest), "set it to a ratio from 1 on");
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

/// A rule that is kept. The antecedent's node stands for its items: nodes are numbered in their order.
struct KeptRule {
  double lift;
  std::int64_t support, antecedent_support;
  Confidence simpler;
  double p_value, q_value;
  std::uint64_t antecedent;
  std::int32_t consequent;
};

bool comes_first(KeptRule const& a, KeptRule const& b) {
  return std::tie(b.lift, b.support, a.antecedent, a.consequent) <
         std::tie(a.lift, a.support, b.antecedent, b.consequent);
}

/// Goes through the candidates A -> c of this rank's share and knows for each the best confidence of the
/// rules A' -> c, A' in A: that of a level follows from the level before, which all ranks have.
class RuleSearch {
 public:
  RuleSearch(ItemsetTree const& tree, Levels const& levels, Interest const& interest,
             RuleOptions const& options)
      : tree_(tree),
        levels_(levels),
        interest_(interest),
        options_(options),
        rows_(narrow<std::int64_t>(tree.rows)) {
    for (auto const node : levels.longest() > 0 ? levels.nodes(1) : std::span<std::uint64_t const>()) {
      single_.resize(static_cast<std::size_t>(tree.item[node]) + 1);
      single_.back() = tree.support[node];
    }
  }

  /// *Collective.*
  void run(Communicator const& comm) {
    for (std::size_t length = 1; length <= levels_.longest(); ++length) {
      together(comm, [&] {
        best_of_level_.clear();
        levels_.walk_rules(comm, length, [&](auto path, auto subsets, std::size_t c, std::size_t before) {
          candidate(path, subsets, c, before);
        });
        flush();
      });
      best_ = {};  // not both levels while the new one is gathered
      if (length < levels_.longest())
        best_ = all_gather(comm, std::span<Confidence const>(best_of_level_)).values;
    }
  }

  [[nodiscard]] std::vector<double>& p_values() noexcept { return p_values_; }
  [[nodiscard]] std::vector<KeptRule>& kept() noexcept { return kept_; }
  [[nodiscard]] std::uint64_t implied() const noexcept { return implied_; }
  [[nodiscard]] std::int64_t support_of(std::int32_t item) const {
    return single_[static_cast<std::size_t>(item)];
  }

 private:
  static constexpr std::size_t kBatch = 4096;

  void candidate(std::span<std::uint64_t const> path, std::span<std::uint64_t const> subsets, std::size_t c,
                 std::size_t before) {
    Confidence const own{tree_.support[path.back()], path.size() == 1 ? rows_ : tree_.support[subsets[c]]};
    if (path.size() == 1) {
      best_of_level_.push_back(own);
      return;
    }
    Confidence simpler{0, 1};
    for (std::size_t j = 0; j < path.size(); ++j) {
      if (j == c) continue;
      // Without item j, which may itself be a consequent that stands before c.
      auto const& other =
          best_[levels_.first_value(subsets[j]) + before - (j < c && levels_.is_allowed(path[j]) ? 1 : 0)];
      if (simpler < other) simpler = other;
    }
    bool const is_better = simpler < own;
    best_of_level_.push_back(is_better ? own : simpler);
    auto const consequent = tree_.item[path[c]];
    batch_.add(own, support_of(consequent), simpler);
    tables_.push_back({rows_, own.antecedent, support_of(consequent), own.both});
    if (is_better) {
      better_.push_back(batch_.size() - 1);
      rules_.push_back({0, own.both, own.antecedent, simpler, 0, 0, subsets[c], consequent});
    }
    if (batch_.size() == kBatch) flush();
  }

  void flush() {
    batch_.measure(rows_);
    auto const before = p_values_.size();
    p_values_.resize(before + batch_.size());
    auto const p_values = std::span(p_values_).subspan(before);
    fisher_greater(tables_, p_values);
    for (std::size_t r = 0; r < rules_.size(); ++r) {
      auto const i = better_[r];
      if (batch_.confidence[i] < options_.min_confidence || batch_.lift[i] < options_.min_lift ||
          batch_.improvement[i] < options_.min_improvement)
        continue;
      levels_.items_of(rules_[r].antecedent, items_);
      if (interest_.is_implied({items_, rules_[r].consequent, rules_[r].support, batch_.confidence[i]})) {
        ++implied_;
        continue;
      }
      kept_.push_back(rules_[r]);
      kept_.back().lift = batch_.lift[i];
      kept_.back().p_value = p_values[i];
    }
    batch_.clear();
    tables_.clear();
    better_.clear();
    rules_.clear();
  }

  ItemsetTree const& tree_;
  Levels const& levels_;
  Interest const& interest_;
  RuleOptions const& options_;
  std::int64_t rows_;
  std::vector<std::int64_t> single_;  ///< [item_name] support
  /// Best confidence of A' -> c over all A' in A, A itself included, for each value of a level (Levels).
  std::vector<Confidence> best_;           ///< of the level before
  std::vector<Confidence> best_of_level_;  ///< of this rank's share of this level
  // Candidates on their way, and the rules among them that beat all simpler ones.
  RuleBatch batch_;
  std::vector<TwoByTwo> tables_;
  std::vector<std::size_t> better_;  ///< place of each rule in the batch
  std::vector<KeptRule> rules_;

  std::vector<double> p_values_;  ///< of this rank's candidates
  std::vector<KeptRule> kept_;    ///< this rank's
  std::uint64_t implied_ = 0;     ///< of this rank's rules, left out
  std::vector<std::int32_t> items_;
};

/// *Collective.*
void set_q_values(Communicator const& comm, std::vector<double> p_values, std::vector<KeptRule>& kept) {
  std::vector<double> wanted;
  for (auto const& rule : kept) wanted.push_back(rule.p_value);
  auto const q_values = benjamini_hochberg(comm, std::move(p_values), wanted);
  for (std::size_t i = 0; i < kept.size(); ++i) kept[i].q_value = q_values[i];
}

/// Local.
RuleColumns columns_of(Regular<KeptRule> const& rules, Levels const& levels, RuleSearch const& search,
                       std::int64_t rows) {
  RuleColumns out;
  out.blocks = rules.blocks;
  RuleBatch batch;
  std::vector<std::int32_t> items;
  for (auto const& rule : rules.values) {
    levels.items_of(rule.antecedent, items);
    out.antecedent_item.insert(out.antecedent_item.end(), items.begin(), items.end());
    out.antecedent_offset.push_back(out.antecedent_item.size());
    out.consequent.push_back(rule.consequent);
    out.support.push_back(rule.support);
    out.antecedent_support.push_back(rule.antecedent_support);
    out.consequent_support.push_back(search.support_of(rule.consequent));
    out.p_value.push_back(rule.p_value);
    out.q_value.push_back(rule.q_value);
    batch.add({rule.support, rule.antecedent_support}, out.consequent_support.back(), rule.simpler);
  }
  batch.measure(rows);
  out.confidence = std::move(batch.confidence);
  out.lift = std::move(batch.lift);
  out.leverage = std::move(batch.leverage);
  out.conviction = std::move(batch.conviction);
  out.zhang = std::move(batch.zhang);
  out.improvement = std::move(batch.improvement);
  return out;
}

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
  // A node here and once more while ranks exchange them; its place among the levels; the best confidences of
  // two levels; and, on one rank, its p-values.
  constexpr std::uint64_t kNodeBytes = 256;
  options.max_itemsets = itemsets.max_memory / kNodeBytes + 1;
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
  return find_rules(comm, tree, {}, all_item_names, options);
}

RuleResult find_rules(Communicator const& comm, ItemsetTree const& tree, Parents const& parents,
                      std::vector<std::string> const& all_item_names, RuleOptions const& options) {
  check(options);
  RuleResult result;
  auto const allowed = allowed_consequents(tree, all_item_names, options, result.warnings);
  auto const max_length = std::max(options.max_antecedent, options.max_antecedent + 1);
  auto const levels = together(comm, [&] { return Levels(tree, allowed, max_length); });
  result.tests = levels.candidates();
  Interest const interest(tree, levels.index(), parents, allowed, options);
  RuleSearch search(tree, levels, interest, options);
  search.run(comm);
  result.implied = all_reduce(comm, search.implied(), Reduce::sum);
  set_q_values(comm, std::move(search.p_values()), search.kept());
  auto const sorted = sort_over_ranks(comm, std::move(search.kept()), comes_first);
  auto const rules = to_regular_blocks(comm, std::span<KeptRule const>(sorted));
  result.rules =
      together(comm, [&] { return columns_of(rules, levels, search, narrow<std::int64_t>(tree.rows)); });
  return result;
}

}  // namespace tessera
