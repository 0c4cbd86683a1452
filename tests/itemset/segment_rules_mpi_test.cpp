// SPDX-License-Identifier: Apache-2.0
#include "tessera/core/error.hpp"
#include "tessera/itemset/fisher.hpp"
#include "tessera/itemset/mine.hpp"
#include "tessera/itemset/segment_rules.hpp"

#include <algorithm>
#include <limits>
#include <tuple>

#include "gather_rules.hpp"
#include "mpi/main.hpp"
#include "small_baskets.hpp"
#include <gtest/gtest.h>

namespace tessera {
namespace {

using test::distribute;
using test::Itemset;
using test::random_rows;
using test::Rows;
using test::world;

constexpr std::int32_t kItems = 7;

/// A base whose segments differ: of unequal size, and the second holds item 1 whenever it holds item 3.
struct Base {
  Rows rows;
  std::vector<std::int32_t> label;
  std::size_t segments;

  Base(std::size_t count, std::size_t k, std::uint64_t seed)
      : rows(random_rows(count, kItems, seed)), segments(k) {
    for (std::size_t r = 0; r < count; ++r) {
      label.push_back(static_cast<std::int32_t>(r * r % (k + 1) % k));
      if (label.back() == 1 && rows[r].contains(3)) rows[r].insert(1);
    }
  }
  [[nodiscard]] Baskets baskets(Communicator const& comm) const { return distribute(comm, rows, kItems); }
  /// Labels of this rank's rows.
  [[nodiscard]] std::vector<std::int32_t> labels(Communicator const& comm) const {
    auto const blocks = baskets(comm).blocks;
    auto const first = label.begin() + static_cast<std::ptrdiff_t>(blocks.first_row);
    return {first, first + static_cast<std::ptrdiff_t>(blocks.rows())};
  }
  [[nodiscard]] SegmentItemsets mine(Communicator const& comm, SegmentItemsetOptions const& options) const {
    return mine_segments(comm, baskets(comm), labels(comm), segments, options);
  }
  [[nodiscard]] std::int64_t holding(std::vector<std::string> const& items, std::int32_t segment) const {
    std::int64_t count = 0;
    for (std::size_t r = 0; r < rows.size(); ++r) {
      bool const all = std::all_of(items.begin(), items.end(), [&](std::string const& name) {
        return rows[r].contains(std::stoi(name.substr(5)));
      });
      count += all && label[r] == segment ? 1 : 0;
    }
    return count;
  }
};

std::vector<std::string> subset(std::size_t mask) {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < kItems; ++i) {
    if (((mask >> i) & 1U) != 0) out.push_back("item " + std::to_string(i));
  }
  return out;
}

TEST(MineSegments, finds_what_is_frequent_in_any_segment_with_its_support_in_each) {
  for (std::size_t const k : {1U, 2U, 4U}) {
    Base const base(230, k, k);
    auto const found = base.mine(world(), {.min_support = Share::parse("30%", "min_support")});
    std::map<Itemset, std::vector<std::int64_t>> support;
    std::vector<std::string> path;
    for (std::size_t i = 0; i < found.tree.nodes(); ++i) {
      path.resize(found.tree.depth[i] - 1U);
      path.push_back(found.tree.item_name.at(static_cast<std::size_t>(found.tree.item[i])));
      auto const of_node = found.of_node(i);
      support[Itemset(path.begin(), path.end())] = {of_node.begin(), of_node.end()};
    }
    std::size_t frequent = 0;
    for (std::size_t mask = 1; mask < (std::size_t{1} << kItems); ++mask) {
      std::vector<std::int64_t> expected;
      bool is_frequent = false;
      for (std::size_t s = 0; s < k; ++s) {
        expected.push_back(base.holding(subset(mask), static_cast<std::int32_t>(s)));
        auto const size = base.holding({}, static_cast<std::int32_t>(s));  // some are empty
        is_frequent = is_frequent || (size > 0 && 10 * expected.back() >= 3 * size);
      }
      auto const items = subset(mask);
      auto const at = support.find(Itemset(items.begin(), items.end()));
      ASSERT_EQ(at != support.end(), is_frequent);
      if (is_frequent) {
        EXPECT_EQ(at->second, expected);
      }
      frequent += is_frequent ? 1 : 0;
    }
    EXPECT_EQ(support.size(), frequent);
    EXPECT_GT(frequent, 10U);
  }
}

TEST(MineSegments, holds_all_that_is_frequent_over_the_base_as_the_plain_miner_finds_it) {
  for (std::uint64_t const count : {9U, 40U}) {
    Base const base(150, 3, count);
    auto const found =
        frequent_in_base(base.mine(world(), {.min_support = Share::of_count(count), .max_length = 4})).tree;
    auto const plain = mine_itemsets(world(), base.baskets(world()),
                                     {.min_support = Share::of_count(count), .max_length = 4})
                           .tree;
    EXPECT_EQ(found.item_name, plain.item_name);
    EXPECT_EQ(found.depth, plain.depth);
    EXPECT_EQ(found.item, plain.item);
    EXPECT_EQ(found.support, plain.support);
    EXPECT_EQ(found.min_support, plain.min_support);
  }
}

TEST(MineSegments, says_when_memory_does_not_suffice) {
  Base const base(100, 2, 1);
  EXPECT_THROW((void)base.mine(world(), {.min_support = Share::of_count(1), .max_memory = 4000}), Error);
}

TEST(MineSegments, rejects_a_minimum_above_the_number_of_customers) {
  Base const base(100, 2, 1);
  EXPECT_THROW((void)base.mine(world(), {.min_support = Share::of_count(101)}), ConfigurationError);
}

/// The rules from their definition, [segment, A, C] -> (contrast lift, p).
using Key = std::tuple<std::int32_t, Itemset, std::string>;
struct Expected {
  double confidence, contrast, p;
  bool kept;
};

std::map<Key, Expected> candidates(Base const& base, std::int64_t percent, RuleOptions const& options,
                                   std::int64_t min_customers) {
  std::map<Key, Expected> out;
  auto const k = static_cast<std::int32_t>(base.segments);
  for (std::int32_t s = 0; s < k; ++s) {
    auto const measure = [&](std::vector<std::string> const& a, std::string const& c) {
      auto both = a;
      both.push_back(c);
      std::int64_t in_both = base.holding(both, s), in_a = base.holding(a, s), rest_both = 0, rest_a = 0;
      for (std::int32_t other = 0; other < k; ++other) {
        if (other == s) continue;
        rest_both += base.holding(both, other);
        rest_a += base.holding(a, other);
      }
      double const in = static_cast<double>(in_both) / static_cast<double>(in_a);
      double const rest = rest_a == 0 ? 0 : static_cast<double>(rest_both) / static_cast<double>(rest_a);
      return Expected{in, rest == 0 ? std::numeric_limits<double>::infinity() : in / rest,
                      fisher_greater({in_a + rest_a, in_a, in_both + rest_both, in_both}), true};
    };
    auto const least = std::max((percent * base.holding({}, s) + 99) / 100, min_customers);
    for (std::size_t mask = 1; mask < (std::size_t{1} << kItems); ++mask) {
      if (base.holding(subset(mask), s) < least) continue;
      for (std::size_t c = 0; c < kItems; ++c) {
        auto const antecedent = mask & ~(std::size_t{1} << c);
        if (antecedent == mask || antecedent == 0) continue;
        auto const name = "item " + std::to_string(c);
        auto const a = subset(antecedent);
        if (a.size() > options.max_antecedent) continue;
        auto rule = measure(a, name);
        rule.kept = rule.contrast > 1 && rule.contrast >= options.min_lift &&
                    rule.confidence >= options.min_confidence;
        for (auto simpler = antecedent; simpler != 0;) {
          simpler = (simpler - 1) & antecedent;
          auto const other = measure(subset(simpler), name);
          rule.kept = rule.kept && rule.confidence > other.confidence && rule.contrast > other.contrast;
        }
        out[{s, Itemset(a.begin(), a.end()), name}] = rule;
      }
    }
  }
  return out;
}

TEST(FindSegmentRules, equals_brute_force) {
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    Base const base(150 + 40 * seed, 1 + seed, seed);
    RuleOptions const options{.min_confidence = 0.3, .min_lift = 1.05, .max_antecedent = 1 + seed};
    auto const itemsets = base.mine(world(), {.min_support = Share::parse("10%", "min_support")});
    auto const result = find_segment_rules(world(), itemsets, options,
                                           {.per_segment = 1000, .max_q_value = 1, .min_customers = 8});
    auto const expected = candidates(base, 10, options, 8);
    EXPECT_EQ(result.tests, expected.size());
    std::size_t kept = 0;
    for (auto const& [key, rule] : expected) kept += rule.kept ? 1 : 0;
    EXPECT_EQ(result.rules.size(), kept);
    EXPECT_GT(kept, 3U);
    for (auto const& rule : result.rules) {
      auto const name = [&](std::int32_t item) {
        return itemsets.tree.item_name.at(static_cast<std::size_t>(item));
      };
      Itemset antecedent;
      for (auto const item : rule.antecedent) antecedent.insert(name(item));
      auto const found = expected.find({rule.segment, antecedent, name(rule.consequent)});
      ASSERT_NE(found, expected.end());
      EXPECT_TRUE(found->second.kept);
      EXPECT_EQ(rule.confidence, found->second.confidence);
      EXPECT_EQ(rule.contrast_lift, found->second.contrast);
      EXPECT_EQ(rule.p_value, found->second.p);
      EXPECT_GE(rule.q_value, rule.p_value);
      EXPECT_GT(rule.improvement, 0);
    }
  }
}

bool same(SegmentRule const& a, SegmentRule const& b) {
  auto const fields = [](SegmentRule const& r) {
    return std::tie(r.segment, r.antecedent, r.consequent, r.support, r.antecedent_support, r.rest_support,
                    r.rest_antecedent_support, r.confidence, r.rest_confidence, r.contrast_lift,
                    r.improvement, r.p_value, r.q_value);
  };
  return fields(a) == fields(b);
}

TEST(FindSegmentRules, gives_the_same_bits_on_any_number_of_ranks) {
  Base const base(300, 3, 9);
  auto const rules = [&](Communicator const& comm) {
    return find_segment_rules(comm, base.mine(comm, {.min_support = Share::of_count(20)}),
                              {.min_confidence = 0.2, .max_antecedent = 4}, {.max_q_value = 1});
  };
  auto const all = rules(world()), alone = rules(Communicator::self());
  EXPECT_EQ(all.tests, alone.tests);
  ASSERT_EQ(all.rules.size(), alone.rules.size());
  EXPECT_GT(all.rules.size(), 5U);
  for (std::size_t i = 0; i < all.rules.size(); ++i) EXPECT_TRUE(same(all.rules[i], alone.rules[i]));
}

TEST(FindSegmentRules, keeps_the_best_of_each_segment_by_contrast_lift) {
  Base const base(300, 3, 4);
  auto const itemsets = base.mine(world(), {.min_support = Share::of_count(20)});
  RuleOptions const options{.min_confidence = 0.2, .max_antecedent = 4};
  auto const all = find_segment_rules(world(), itemsets, options, {.per_segment = 1000, .max_q_value = 1});
  auto const two = find_segment_rules(world(), itemsets, options, {.per_segment = 2, .max_q_value = 1});
  std::vector<SegmentRule> expected;
  std::map<std::int32_t, int> count;
  for (auto const& rule : all.rules) {
    if (count[rule.segment]++ < 2) expected.push_back(rule);
  }
  ASSERT_EQ(two.rules.size(), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) EXPECT_TRUE(same(two.rules[i], expected[i]));
  for (std::size_t i = 1; i < all.rules.size(); ++i) {
    auto const &above = all.rules[i - 1], &below = all.rules[i];
    EXPECT_LE(above.segment, below.segment);
    if (above.segment == below.segment) {
      EXPECT_GE(above.contrast_lift, below.contrast_lift);
    }
  }
}

TEST(FindSegmentRules, finds_the_planted_rule_and_only_significant_ones) {
  // Items are independent but for item 4, which follows from item 2 in segment 1 alone.
  Draw const draw(3, Purpose::generate);
  Base base(3000, 3, 1);
  for (std::size_t r = 0; r < base.rows.size(); ++r) {
    base.rows[r].clear();
    for (std::int32_t i = 0; i < kItems; ++i) {
      if (draw.uniform(r, static_cast<std::uint32_t>(i)) < 0.3) base.rows[r].insert(i);
    }
    if (base.label[r] == 1 && base.rows[r].contains(2)) base.rows[r].insert(4);
  }
  auto const itemsets = base.mine(world(), {.min_support = Share::parse("2%", "min_support")});
  auto const result = find_segment_rules(
      world(), itemsets, {.min_improvement = 0.1, .max_antecedent = 3, .consequents = {"item 4"}},
      {.max_q_value = 0.001});
  ASSERT_EQ(result.rules.size(), 1U);
  auto const& rule = result.rules[0];
  EXPECT_EQ(rule.segment, 1);
  ASSERT_EQ(rule.antecedent.size(), 1U);
  EXPECT_EQ(itemsets.tree.item_name.at(static_cast<std::size_t>(rule.antecedent[0])), "item 2");
  EXPECT_EQ(itemsets.tree.item_name.at(static_cast<std::size_t>(rule.consequent)), "item 4");
  EXPECT_EQ(rule.confidence, 1);
  EXPECT_NEAR(rule.contrast_lift, 1 / 0.3, 0.5);
}

TEST(FindSegmentRules, compares_with_a_rest_that_never_holds_the_consequent) {
  // Items 0 and 1 are only in segment 0, so the single items already say all: no rule is special.
  Base base(40, 2, 1);
  for (std::size_t r = 0; r < 40; ++r) base.rows[r] = base.label[r] == 0 ? test::Row{0, 1, 5} : test::Row{5};
  auto const itemsets = base.mine(world(), {.min_support = Share::of_count(2)});
  EXPECT_TRUE(find_segment_rules(world(), itemsets, {.max_antecedent = 3}, {.max_q_value = 1}).rules.empty());
  // Where the rest holds 0, 1 and never both, the rule is infinitely more common.
  for (std::size_t r = 0; r < 40; ++r) {
    if (base.label[r] == 0) base.rows[r] = r % 2 == 0 ? test::Row{5} : test::Row{0, 1};
    if (base.label[r] == 1) base.rows[r] = {r % 2 == 0 ? 0 : 1};
  }
  auto const found = base.mine(world(), {.min_support = Share::of_count(2)});
  auto const result = find_segment_rules(world(), found, {.max_antecedent = 3}, {.max_q_value = 1});
  ASSERT_FALSE(result.rules.empty());
  EXPECT_EQ(result.rules[0].segment, 0);
  EXPECT_EQ(result.rules[0].rest_confidence, 0);
  EXPECT_EQ(result.rules[0].contrast_lift, std::numeric_limits<double>::infinity());
}

TEST(FindSegmentRules, finds_none_with_one_segment_or_when_off) {
  Base const one(100, 1, 1), two(100, 2, 1);
  SegmentItemsetOptions const options{.min_support = Share::of_count(5)};
  EXPECT_TRUE(find_segment_rules(world(), one.mine(world(), options), {}, {}).rules.empty());
  EXPECT_TRUE(find_segment_rules(world(), two.mine(world(), options), {}, {.per_segment = 0}).rules.empty());
}

TEST(FindSegmentRules, rejects_a_q_value_that_is_no_share) {
  Base const base(100, 2, 1);
  auto const itemsets = base.mine(world(), {.min_support = Share::of_count(5)});
  for (double const q : {-0.1, 1.1, std::numeric_limits<double>::quiet_NaN()}) {
    EXPECT_THROW((void)find_segment_rules(world(), itemsets, {}, {.max_q_value = q}), ConfigurationError);
  }
}

TEST(SegmentsOfRules, add_up_to_the_rules_supports) {
  Base const base(200, 3, 2);
  auto const itemsets = base.mine(world(), {.min_support = Share::of_count(15), .max_length = 4});
  auto const tree = frequent_in_base(itemsets).tree;
  auto const result =
      find_rules(world(), tree, test::names(kItems), {.min_confidence = 0, .max_antecedent = 3});
  auto const segments = segments_of_rules(result.rules, tree, itemsets);
  ASSERT_EQ(segments.support.size(), 3 * result.rules.size());
  for (std::size_t i = 0; i < result.rules.size(); ++i) {
    auto const sum = [&](std::vector<std::int64_t> const& of) {
      return of[3 * i] + of[3 * i + 1] + of[3 * i + 2];
    };
    EXPECT_EQ(sum(segments.support), result.rules.support[i]);
    EXPECT_EQ(sum(segments.antecedent_support), result.rules.antecedent_support[i]);
  }
}

}  // namespace
}  // namespace tessera
