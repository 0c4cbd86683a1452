// SPDX-License-Identifier: Apache-2.0
#include "tessera/itemset/segment_rules.hpp"

#include "tessera/comm/agree.hpp"
#include "tessera/comm/collectives.hpp"
#include "tessera/itemset/fisher.hpp"

#include <algorithm>
#include <limits>
#include <span>
#include <tuple>

#include "benjamini_hochberg.hpp"
#include "confidence.hpp"
#include "levels.hpp"
#include "sample_sort.hpp"
#include <fmt/format.h>

namespace tessera {

namespace {

void check(SegmentRuleOptions const& options) {
  if (options.max_q_value >= 0 && options.max_q_value <= 1) return;
  throw ConfigurationError(fmt::format("rules.segment_max_q_value = {}", options.max_q_value),
                           "it is the share of false discoveries accepted among the rules of segments",
                           "set it to a share from 0 to 1");
}

/// Customers with A and C, and with A, of a segment and of the rest.
struct Counts {
  Confidence segment, rest;
};

double value_of(Confidence const& confidence) {
  return confidence.antecedent == 0
             ? 0.0
             : static_cast<double>(confidence.both) / static_cast<double>(confidence.antecedent);
}

double contrast_of(Counts const& counts) {
  double const rest = value_of(counts.rest);
  return rest == 0 ? std::numeric_limits<double>::infinity() : value_of(counts.segment) / rest;
}

/// The best of the simpler rules in both respects, not necessarily of one of them.
struct Best {
  Confidence confidence{0, 1};
  double contrast = 0;

  void take(Best const& other) {
    if (confidence < other.confidence) confidence = other.confidence;
    contrast = std::max(contrast, other.contrast);
  }
};

/// A rule that is kept; the antecedent's node in the tree of all segments stands for its items.
struct Kept {
  Counts counts;
  double contrast, improvement, p_value, q_value;
  std::uint64_t antecedent;
  std::int32_t segment, consequent;
};

bool comes_first(Kept const& a, Kept const& b) {
  return std::tie(a.segment, b.contrast, b.counts.segment.both, a.antecedent, a.consequent) <
         std::tie(b.segment, a.contrast, a.counts.segment.both, b.antecedent, b.consequent);
}

/// The itemsets that are frequent in one segment, with their support in it: every subset of one is one.
struct SegmentTree {
  ItemsetTree tree;
  std::vector<std::uint64_t> node;  ///< [nodes] in the tree of all segments

  SegmentTree(SegmentItemsets const& all, std::size_t segment, std::int64_t min_customers) {
    auto const least = std::max(all.min_support[segment], min_customers);
    tree.rows = static_cast<std::uint64_t>(all.size[segment]);
    tree.item_name = all.tree.item_name;
    for (std::uint64_t i = 0; i < all.tree.nodes(); ++i) {
      auto const support = all.of_node(i)[segment];
      if (support < least) continue;
      tree.depth.push_back(all.tree.depth[i]);
      tree.item.push_back(all.tree.item[i]);
      tree.support.push_back(support);
      node.push_back(i);
    }
  }
};

/// Goes through the candidates of one segment as the search for rules of the whole base does.
class RulesOfSegment {
 public:
  RulesOfSegment(SegmentItemsets const& all, std::size_t segment, SegmentTree const& tree,
                 Levels const& levels, RuleOptions const& options)
      : all_(all), segment_(segment), tree_(tree), levels_(levels), options_(options) {}

  /// *Collective.* Appends this rank's p-values and the rules that pass all but the q-value.
  void run(Communicator const& comm, std::vector<double>& p_values, std::vector<Kept>& kept) {
    for (std::size_t length = 1; length <= levels_.longest(); ++length) {
      together(comm, [&] {
        best_of_level_.clear();
        levels_.walk_rules(comm, length, [&](auto path, auto subsets, std::size_t c, std::size_t before) {
          candidate(path, subsets, c, before);
        });
        test(p_values, kept);
      });
      best_ = {};
      if (length < levels_.longest()) best_ = all_gather(comm, std::span<Best const>(best_of_level_)).values;
    }
  }

 private:
  /// In the segment and over all, with the node of the segment's tree; the root: all customers.
  [[nodiscard]] std::int64_t in_segment(std::uint64_t node) const {
    return node == tree_.tree.nodes() ? all_.size[segment_] : tree_.tree.support[node];
  }
  [[nodiscard]] std::int64_t in_rest(std::uint64_t node) const {
    if (node == tree_.tree.nodes()) return static_cast<std::int64_t>(all_.tree.rows) - all_.size[segment_];
    return all_.tree.support[tree_.node[node]] - tree_.tree.support[node];
  }

  void candidate(std::span<std::uint64_t const> path, std::span<std::uint64_t const> subsets, std::size_t c,
                 std::size_t before) {
    Counts const own{{in_segment(path.back()), in_segment(subsets[c])},
                     {in_rest(path.back()), in_rest(subsets[c])}};
    double const contrast = contrast_of(own);
    Best simpler;
    for (std::size_t j = 0; j < path.size() && path.size() > 1; ++j) {
      if (j == c) continue;
      // Without item j, which may itself be a consequent that stands before c.
      simpler.take(
          best_[levels_.first_value(subsets[j]) + before - (j < c && levels_.is_allowed(path[j]) ? 1 : 0)]);
    }
    Best best{own.segment, contrast};
    best.take(simpler);
    best_of_level_.push_back(best);
    if (path.size() == 1) return;

    auto const& [in, rest] = own;
    tables_.push_back({in.antecedent + rest.antecedent, in.antecedent, in.both + rest.both, in.both});
    double const confidence = value_of(in), improvement = confidence - value_of(simpler.confidence);
    bool const is_better = simpler.confidence < in && simpler.contrast < contrast;
    if (!is_better || confidence < options_.min_confidence || improvement < options_.min_improvement ||
        contrast <= 1 || contrast < options_.min_lift)
      return;
    found_at_.push_back(tables_.size() - 1);
    found_.push_back({own, contrast, improvement, 0, 0, tree_.node[subsets[c]],
                      static_cast<std::int32_t>(segment_), tree_.tree.item[path[c]]});
  }

  void test(std::vector<double>& p_values, std::vector<Kept>& kept) {
    auto const before = p_values.size();
    p_values.resize(before + tables_.size());
    fisher_greater(tables_, std::span(p_values).subspan(before));
    for (std::size_t i = 0; i < found_.size(); ++i) {
      kept.push_back(found_[i]);
      kept.back().p_value = p_values[before + found_at_[i]];
    }
    tables_.clear();
    found_.clear();
    found_at_.clear();
  }

  SegmentItemsets const& all_;
  std::size_t segment_;
  SegmentTree const& tree_;
  Levels const& levels_;
  RuleOptions const& options_;
  std::vector<Best> best_, best_of_level_;  ///< see RuleSearch
  std::vector<TwoByTwo> tables_;            ///< of this level
  std::vector<Kept> found_;
  std::vector<std::size_t> found_at_;  ///< [found_] table
};

/// *Collective.* The first so many of each segment, on every rank.
std::vector<Kept> best_of_each(Communicator const& comm, std::vector<Kept> kept, std::size_t segments,
                               std::uint64_t per_segment) {
  std::vector<std::uint64_t> count(segments, 0);
  for (auto const& rule : kept) ++count[static_cast<std::size_t>(rule.segment)];
  all_reduce(comm, std::span(count), Reduce::sum);
  auto const sorted = sort_over_ranks(comm, std::move(kept), comes_first);
  std::vector<std::uint64_t> first(segments + 1, 0);
  for (std::size_t s = 0; s < segments; ++s) first[s + 1] = first[s] + count[s];
  auto place = exclusive_scan(comm, std::uint64_t{sorted.size()});
  std::vector<Kept> best;
  for (auto const& rule : sorted) {
    if (place++ - first[static_cast<std::size_t>(rule.segment)] < per_segment) best.push_back(rule);
  }
  return all_gather(comm, std::span<Kept const>(best)).values;
}

/// Consequents that are no frequent item of a segment lead to no rule.
std::vector<std::uint8_t> allowed_consequents(ItemsetTree const& tree, RuleOptions const& options) {
  std::vector<std::uint8_t> allowed;
  for (auto const& name : tree.item_name) {
    bool const is_named =
        std::find(options.consequents.begin(), options.consequents.end(), name) != options.consequents.end();
    allowed.push_back(options.consequents.empty() || is_named ? 1 : 0);
  }
  return allowed;
}

/// The items of a node, by a walk that meets the nodes in ascending order.
std::vector<std::vector<std::int32_t>> items_of(ItemsetTree const& tree, std::vector<std::uint64_t> nodes) {
  std::vector<std::size_t> order(nodes.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return nodes[a] < nodes[b]; });
  std::vector<std::vector<std::int32_t>> out(nodes.size());
  std::vector<std::int32_t> path;
  std::size_t next = 0;
  for (std::uint64_t node = 0; next < order.size(); ++node) {
    path.resize(tree.depth[node] - std::size_t{1});
    path.push_back(tree.item[node]);
    for (; next < order.size() && nodes[order[next]] == node; ++next) out[order[next]] = path;
  }
  return out;
}

}  // namespace

SegmentRuleResult find_segment_rules(Communicator const& comm, SegmentItemsets const& itemsets,
                                     RuleOptions const& rules, SegmentRuleOptions const& options) {
  check(options);
  SegmentRuleResult out;
  if (itemsets.segments() < 2 || options.per_segment == 0) return out;
  auto const allowed = allowed_consequents(itemsets.tree, rules);
  auto const max_length = std::max(rules.max_antecedent, rules.max_antecedent + 1);
  std::vector<double> p_values;
  std::vector<Kept> kept;
  for (std::size_t s = 0; s < itemsets.segments(); ++s) {
    auto const tree = together(comm, [&] { return SegmentTree(itemsets, s, options.min_customers); });
    auto const levels = together(comm, [&] { return Levels(tree.tree, allowed, max_length); });
    out.tests += levels.candidates();
    RulesOfSegment(itemsets, s, tree, levels, rules).run(comm, p_values, kept);
  }
  std::vector<double> wanted;
  for (auto const& rule : kept) wanted.push_back(rule.p_value);
  auto const q_values = benjamini_hochberg(comm, std::move(p_values), wanted);
  for (std::size_t i = 0; i < kept.size(); ++i) kept[i].q_value = q_values[i];
  std::erase_if(kept, [&](Kept const& rule) { return rule.q_value > options.max_q_value; });
  auto const best = best_of_each(comm, std::move(kept), itemsets.segments(), options.per_segment);

  std::vector<std::uint64_t> antecedents;
  for (auto const& rule : best) antecedents.push_back(rule.antecedent);
  auto items = items_of(itemsets.tree, std::move(antecedents));
  for (std::size_t i = 0; i < best.size(); ++i) {
    auto const& [segment, rest] = best[i].counts;
    out.rules.push_back({best[i].segment, std::move(items[i]), best[i].consequent, segment.both,
                         segment.antecedent, rest.both, rest.antecedent, value_of(segment), value_of(rest),
                         best[i].contrast, best[i].improvement, best[i].p_value, best[i].q_value});
  }
  return out;
}

RuleSegments segments_of_rules(RuleColumns const& rules, ItemsetTree const& base,
                               SegmentItemsets const& itemsets) {
  TreeIndex const index(itemsets.tree);
  // The base's items are the last of the segments' items, which are in the same order.
  auto const shift = static_cast<std::int32_t>(itemsets.tree.item_name.size() - base.item_name.size());
  RuleSegments out;
  std::vector<std::int32_t> both;
  auto const append = [&](std::span<std::int32_t const> items, std::vector<std::int64_t>& to) {
    auto node = index.root();
    for (auto const item : items) {
      node = index.child(node, item + shift);
      if (node == kNoNode) throw BugError("a rule's itemset is not among those of the segments");
    }
    auto const support = itemsets.of_node(node);
    to.insert(to.end(), support.begin(), support.end());
  };
  for (std::size_t rule = 0; rule < rules.size(); ++rule) {
    auto const antecedent = rules.antecedent(rule);
    both.assign(antecedent.begin(), antecedent.end());
    both.insert(std::upper_bound(both.begin(), both.end(), rules.consequent[rule]), rules.consequent[rule]);
    append(both, out.support);
    append(antecedent, out.antecedent_support);
  }
  return out;
}

}  // namespace tessera
