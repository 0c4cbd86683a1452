// SPDX-License-Identifier: Apache-2.0
#include "tessera/core/error.hpp"
#include "tessera/itemset/mine.hpp"
#include "tessera/itemset/rules.hpp"

#include <cmath>
#include <limits>
#include <numeric>
#include <tuple>

#include "gather_rules.hpp"
#include "mpi/main.hpp"
#include "small_baskets.hpp"
#include <gtest/gtest.h>

namespace tessera {
namespace {

using test::brute_force;
using test::distribute;
using test::Itemset;
using test::random_rows;
using test::Rows;
using test::Rule;
using test::Supports;
using test::world;

ItemsetTree mine(Rows const& rows, std::int32_t items, std::uint64_t min_support) {
  return mine_itemsets(world(), distribute(world(), rows, items),
                       {.min_support = Share::of_count(min_support)})
      .tree;
}

/// All rules on every rank.
test::AllRules rules_of(Communicator const& comm, ItemsetTree const& tree,
                        std::vector<std::string> const& names, RuleOptions const& options) {
  return test::gather(comm, find_rules(comm, tree, names, options));
}

RuleOptions everything() {
  return {.min_confidence = 0, .min_lift = 0, .max_antecedent = 100};
}

/// Upper hypergeometric tail, term by term.
double tail(std::int64_t n, std::int64_t a, std::int64_t c, std::int64_t both) {
  auto const log_choose = [](std::int64_t m, std::int64_t k) {
    return std::lgamma(static_cast<double>(m + 1)) - std::lgamma(static_cast<double>(k + 1)) -
           std::lgamma(static_cast<double>(m - k + 1));
  };
  double p = 0;
  for (; both <= std::min(a, c); ++both) {
    if (c - both > n - a) continue;
    p += std::exp(log_choose(a, both) + log_choose(n - a, c - both) - log_choose(n, c));
  }
  return p;
}

struct Expected {
  std::int64_t both, a, c;
  double improvement, p, q;
};
using RuleKey = std::pair<Itemset, std::string>;

/// All candidates from the definitions; those without improvement over a simpler rule have improvement <= 0.
std::map<RuleKey, Expected> candidates(Supports const& frequent, std::int64_t n, std::size_t max_antecedent) {
  std::map<RuleKey, Expected> out;
  for (auto const& [itemset, both] : frequent) {
    if (itemset.size() < 2 || itemset.size() > max_antecedent + 1) continue;
    for (auto const& consequent : itemset) {
      std::vector<std::string> antecedent(itemset.begin(), itemset.end());
      std::erase(antecedent, consequent);
      auto const support = [&](std::size_t mask, bool with_consequent) {
        Itemset subset;
        for (std::size_t i = 0; i < antecedent.size(); ++i) {
          if (((mask >> i) & 1U) != 0) subset.insert(antecedent[i]);
        }
        if (with_consequent) subset.insert(consequent);
        return subset.empty() ? n : frequent.at(subset);
      };
      std::size_t const whole = (std::size_t{1} << antecedent.size()) - 1;
      auto const a = support(whole, false);
      double improvement = std::numeric_limits<double>::infinity();
      for (std::size_t mask = 0; mask < whole; ++mask) {
        auto const simpler_both = support(mask, true), simpler = support(mask, false);
        improvement = std::min(improvement, static_cast<double>(both * simpler - simpler_both * a) /
                                                static_cast<double>(a * simpler));
      }
      auto const c = frequent.at({consequent});
      out[{Itemset(antecedent.begin(), antecedent.end()), consequent}] = {
          both, a, c, improvement, tail(n, a, c, both), 0};
    }
  }
  std::vector<double> p;
  for (auto const& [key, rule] : out) p.push_back(rule.p);
  for (auto& [key, rule] : out) {
    rule.q = 1;
    for (auto const larger : p) {
      if (larger < rule.p * (1 - 1e-9)) continue;  // equal up to rounding is equal
      auto const rank = std::count_if(p.begin(), p.end(), [&](double x) { return x <= larger * (1 + 1e-9); });
      rule.q = std::min(rule.q, larger * static_cast<double>(p.size()) / static_cast<double>(rank));
    }
  }
  return out;
}

RuleKey key_of(Rule const& rule, ItemsetTree const& tree) {
  auto const name = [&](std::int32_t item) { return tree.item_name[static_cast<std::size_t>(item)]; };
  Itemset antecedent;
  for (auto const item : rule.antecedent) antecedent.insert(name(item));
  return {antecedent, name(rule.consequent)};
}

TEST(FindRules, equals_brute_force) {
  for (std::uint64_t seed = 1; seed <= 4; ++seed) {
    constexpr std::int32_t kItems = 7;
    auto const rows = random_rows(20 + 15 * seed, kItems, seed);
    auto const n = static_cast<std::int64_t>(rows.size());
    for (std::uint64_t const max_antecedent : {1U, 2U, 6U}) {
      auto const tree = mine(rows, kItems, 3);
      auto options = everything();
      options.max_antecedent = max_antecedent;
      auto const result = rules_of(world(), tree, test::names(kItems), options);
      auto expected = candidates(brute_force(rows, kItems, 3), n, max_antecedent);
      EXPECT_EQ(result.tests, expected.size());
      std::erase_if(expected, [](auto const& entry) { return entry.second.improvement <= 0; });
      ASSERT_EQ(result.rules.size(), expected.size());
      EXPECT_GT(expected.size(), 5U);
      for (auto const& rule : result.rules) {
        auto const found = expected.find(key_of(rule, tree));
        ASSERT_NE(found, expected.end());
        auto const [both, a, c, improvement, p, q] = found->second;
        auto const share = [&](std::int64_t count) {
          return static_cast<double>(count) / static_cast<double>(n);
        };
        double const confidence = share(both) / share(a);
        EXPECT_EQ(rule.support, both);
        EXPECT_EQ(rule.antecedent_support, a);
        EXPECT_EQ(rule.consequent_support, c);
        EXPECT_NEAR(rule.confidence, confidence, 1e-15);
        EXPECT_NEAR(rule.lift, confidence / share(c), 1e-13);
        EXPECT_NEAR(rule.leverage, share(both) - share(a) * share(c), 1e-15);
        if (both == a) {
          EXPECT_EQ(rule.conviction, std::numeric_limits<double>::infinity());
        } else {
          EXPECT_NEAR(rule.conviction, (1 - share(c)) / (1 - confidence), 1e-11);
        }
        double const otherwise = (share(c) - share(both)) / (1 - share(a));  // confidence of not A -> C
        EXPECT_NEAR(rule.zhang, a == n ? 0 : (confidence - otherwise) / std::max(confidence, otherwise),
                    1e-12);
        EXPECT_NEAR(rule.improvement, improvement, 1e-15);
        EXPECT_NEAR(rule.p_value, p, 1e-10 * p);
        EXPECT_NEAR(rule.q_value, q, 1e-9 * q);
        EXPECT_GE(rule.q_value, rule.p_value);
      }
    }
  }
}

TEST(FindRules, gives_the_same_bits_on_one_rank_and_on_many) {
  auto const tree = mine(random_rows(90, 9, 7), 9, 4);
  auto const all = rules_of(world(), tree, test::names(9), everything());
  auto const alone = rules_of(Communicator::self(), tree, test::names(9), everything());
  ASSERT_EQ(all.rules.size(), alone.rules.size());
  EXPECT_EQ(all.tests, alone.tests);
  for (std::size_t i = 0; i < all.rules.size(); ++i) {
    auto const fields = [](Rule const& r) {
      return std::tie(r.antecedent, r.consequent, r.support, r.confidence, r.lift, r.leverage, r.conviction,
                      r.zhang, r.improvement, r.p_value, r.q_value);
    };
    EXPECT_EQ(fields(all.rules[i]), fields(alone.rules[i]));
  }
}

TEST(FindRules, are_ordered_by_lift_then_support_then_items) {
  auto const result = rules_of(world(), mine(random_rows(60, 8, 2), 8, 4), test::names(8), everything());
  for (std::size_t i = 1; i < result.rules.size(); ++i) {
    auto const& above = result.rules[i - 1];
    auto const& below = result.rules[i];
    EXPECT_TRUE(std::tie(below.lift, below.support, above.antecedent, above.consequent) <
                std::tie(above.lift, above.support, below.antecedent, below.consequent));
    EXPECT_TRUE(std::is_sorted(below.antecedent.begin(), below.antecedent.end()));
  }
}

TEST(FindRules, thresholds_only_remove_rules) {
  auto const tree = mine(random_rows(70, 8, 5), 8, 4);
  auto const all = rules_of(world(), tree, test::names(8), everything());
  RuleOptions const strict{
      .min_confidence = 0.6, .min_lift = 1.2, .min_improvement = 0.05, .max_antecedent = 100};
  auto const some = rules_of(world(), tree, test::names(8), strict);
  std::size_t expected = 0;
  for (auto const& rule : all.rules) {
    if (rule.confidence >= 0.6 && rule.lift >= 1.2 && rule.improvement >= 0.05) {
      ASSERT_LT(expected, some.rules.size());
      EXPECT_EQ(some.rules[expected].antecedent, rule.antecedent);
      EXPECT_EQ(some.rules[expected].consequent, rule.consequent);
      EXPECT_EQ(some.rules[expected].q_value, rule.q_value);
      ++expected;
    }
  }
  EXPECT_EQ(some.rules.size(), expected);
  EXPECT_GT(expected, 0U);
  EXPECT_LT(expected, all.rules.size());
  EXPECT_EQ(some.tests, all.tests);
}

TEST(FindRules, consequents_limit_rules_and_tests) {
  auto const rows = random_rows(70, 8, 6);
  auto const tree = mine(rows, 8, 4);
  auto options = everything();
  options.consequents = {"item 3", "item 6"};
  auto const result = rules_of(world(), tree, test::names(8), options);
  auto expected = candidates(brute_force(rows, 8, 4), 70, 7);
  std::erase_if(expected,
                [](auto const& e) { return e.first.second != "item 3" && e.first.second != "item 6"; });
  EXPECT_EQ(result.tests, expected.size());
  std::erase_if(expected, [](auto const& entry) { return entry.second.improvement <= 0; });
  ASSERT_EQ(result.rules.size(), expected.size());
  for (auto const& rule : result.rules) EXPECT_TRUE(expected.contains(key_of(rule, tree)));
  EXPECT_TRUE(result.warnings.empty());
}

TEST(FindRules, a_rule_no_better_than_a_simpler_one_is_never_kept) {
  // Item 1 follows from item 0 alone; item 2 is in every basket and adds nothing.
  Rows rows(20, {2});
  for (std::size_t r = 0; r < 10; ++r) rows[r].insert({0, 1});
  auto const tree = mine(rows, 3, 1);
  auto const result = rules_of(world(), tree, test::names(3), everything());
  ASSERT_EQ(result.rules.size(), 2U);
  for (auto const& rule : result.rules) {
    EXPECT_EQ(rule.antecedent.size(), 1U);
    EXPECT_EQ(rule.conviction, std::numeric_limits<double>::infinity());
    EXPECT_EQ(rule.zhang, 1);
    EXPECT_EQ(rule.lift, 2);
    EXPECT_EQ(rule.improvement, 0.5);
  }
}

TEST(FindRules, compares_confidences_exactly_where_doubles_are_equal) {
  // {b, a} -> c against b -> c: 523776481 * 1073741827 - 523776501 * 1073741786 = 1, and -1 for the other
  // pair.
  auto const rules_with = [](std::int64_t all_three, std::int64_t b_and_c) {
    EXPECT_EQ(static_cast<double>(all_three) / 1073741786, static_cast<double>(b_and_c) / 1073741827);
    ItemsetTree tree;
    tree.rows = std::uint64_t{1} << 33;
    tree.item_name = {"b", "c", "a"};
    tree.depth = {1, 2, 3, 2, 1, 2, 1};
    tree.item = {0, 1, 2, 2, 1, 2, 2};
    tree.support = {1073741827,           b_and_c, all_three, 1073741786, 1'400'000'000, 600'000'000,
                    std::int64_t{1} << 31};
    tree.reported.assign(7, 1);
    auto options = everything();
    options.consequents = {"c"};
    std::size_t longer = 0;
    for (auto const& rule : rules_of(world(), tree, tree.item_name, options).rules) {
      if (rule.antecedent.size() < 2) continue;
      ++longer;
      EXPECT_GT(rule.improvement, 0);
    }
    return longer;
  };
  EXPECT_EQ(rules_with(523776481, 523776501), 1U);
  EXPECT_EQ(rules_with(549965305, 549965326), 0U);
}

TEST(FindRules, finds_none_in_an_empty_tree) {
  auto const result = rules_of(world(), mine(Rows(5), 2, 1), test::names(2), everything());
  EXPECT_TRUE(result.rules.empty());
  EXPECT_EQ(result.tests, 0U);
}

TEST(FindRules, warns_of_a_consequent_that_is_infrequent) {
  auto options = everything();
  options.consequents = {"item 0", "item 1"};
  Rows rows(10, {1, 2});
  rows[0].insert(0);
  auto const result = rules_of(world(), mine(rows, 3, 2), test::names(3), options);
  ASSERT_EQ(result.warnings.size(), 1U);
  EXPECT_NE(result.warnings[0].find("item 0"), std::string::npos);
}

TEST(FindRules, rejects_a_consequent_that_is_no_item) {
  auto options = everything();
  options.consequents = {"yacht"};
  auto const tree = mine(random_rows(10, 3, 1), 3, 1);
  try {
    (void)find_rules(world(), tree, test::names(3), options);
    FAIL() << "accepted";
  } catch (ConfigurationError const& error) {
    EXPECT_NE(error.what_is_wrong().find("'yacht'"), std::string::npos);
  }
}

TEST(FindRules, rejects_thresholds_out_of_range) {
  auto const tree = mine(random_rows(10, 3, 1), 3, 1);
  double const nan = std::numeric_limits<double>::quiet_NaN();
  for (auto const& options : {RuleOptions{.min_confidence = -0.1}, RuleOptions{.min_confidence = 1.1},
                              RuleOptions{.min_confidence = nan}, RuleOptions{.min_lift = -1},
                              RuleOptions{.min_lift = nan}, RuleOptions{.min_improvement = -0.1},
                              RuleOptions{.min_improvement = nan}, RuleOptions{.max_antecedent = 0}}) {
    EXPECT_THROW((void)find_rules(world(), tree, test::names(3), options), ConfigurationError);
  }
}

TEST(FindRules, rejects_a_tree_that_lacks_a_subset) {
  ItemsetTree tree;
  tree.rows = 4;
  tree.item_name = {"a", "b"};
  tree.depth = {1, 2};
  tree.item = {0, 1};
  tree.support = {2, 2};
  tree.reported = {1, 1};
  EXPECT_THROW((void)find_rules(world(), tree, tree.item_name, everything()), Error);
}

}  // namespace
}  // namespace tessera
