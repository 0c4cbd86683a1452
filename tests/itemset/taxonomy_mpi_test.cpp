// SPDX-License-Identifier: Apache-2.0
#include "tessera/core/error.hpp"
#include "tessera/itemset/rules.hpp"
#include "tessera/itemset/segment_itemsets.hpp"
#include "tessera/itemset/taxonomy.hpp"

#include <algorithm>
#include <map>

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

constexpr std::int32_t kItems = 6;
/// Two families in one line; item 4 is a family itself; item 5 is of no kind.
constexpr char const* kText =
    "item 0,family A\nitem 1,family A\n\nitem 2,item 4\r\n\"item 3\",item 4\nfamily A,line\nitem 4,line\n"
    "unheard,of\n";
std::map<std::string, std::string> const kParent{{"item 0", "family A"}, {"item 1", "family A"},
                                                 {"item 2", "item 4"},   {"item 3", "item 4"},
                                                 {"family A", "line"},   {"item 4", "line"}};
std::vector<std::string> const kNames{"item 0", "item 1", "item 2",   "item 3",
                                      "item 4", "item 5", "family A", "line"};

std::vector<std::string> ancestors(std::string name) {
  std::vector<std::string> out;
  while (kParent.contains(name)) out.push_back(name = kParent.at(name));
  return out;
}

/// Every itemset without related items and its support, from the definition.
test::Supports generalised(Rows const& rows, std::int64_t min_support, std::size_t max_length) {
  std::vector<Itemset> baskets;
  for (auto const& row : rows) {
    Itemset basket;
    for (auto const item : row) {
      auto const name = "item " + std::to_string(item);
      basket.insert(name);
      for (auto const& above : ancestors(name)) basket.insert(above);
    }
    baskets.push_back(basket);
  }
  test::Supports out;
  for (std::size_t mask = 1; mask < (std::size_t{1} << kNames.size()); ++mask) {
    Itemset items;
    for (std::size_t i = 0; i < kNames.size(); ++i) {
      if (((mask >> i) & 1U) != 0) items.insert(kNames[i]);
    }
    bool const related = std::any_of(items.begin(), items.end(), [&](std::string const& item) {
      auto const above = ancestors(item);
      return std::any_of(above.begin(), above.end(), [&](std::string const& a) { return items.contains(a); });
    });
    if (related || items.size() > max_length) continue;
    auto const support = std::count_if(baskets.begin(), baskets.end(), [&](Itemset const& basket) {
      return std::includes(basket.begin(), basket.end(), items.begin(), items.end());
    });
    if (support >= min_support) out[items] = support;
  }
  return out;
}

struct Prepared {
  Baskets baskets;
  Parents parents;

  Prepared(Communicator const& comm, Rows const& rows) : baskets(distribute(comm, rows, kItems)) {
    parents = add_ancestors(comm, parse_taxonomy(kText, "taxonomy.csv"), "taxonomy.csv", baskets);
  }
};

TEST(Taxonomy, adds_ancestors_to_baskets_and_names) {
  Prepared const prepared(world(), random_rows(30, kItems, 1));
  EXPECT_EQ(prepared.baskets.item_names, kNames);
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    auto const parent = prepared.parents[i];
    EXPECT_EQ(parent == kNoParent ? "" : kNames[static_cast<std::size_t>(parent)],
              kParent.contains(kNames[i]) ? kParent.at(kNames[i]) : "");
  }
  EXPECT_TRUE(are_related(prepared.parents, 0, 7));
  EXPECT_TRUE(are_related(prepared.parents, 4, 2));
  EXPECT_FALSE(are_related(prepared.parents, 0, 1));
  EXPECT_FALSE(are_related(prepared.parents, 0, 4));
}

TEST(Taxonomy, itemsets_equal_brute_force_and_hold_no_item_with_its_ancestor) {
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    auto const rows = random_rows(40 + 20 * seed, kItems, seed);
    Prepared const prepared(world(), rows);
    for (std::uint64_t const max_length : {2U, 8U}) {
      auto const found = mine_generalised(world(), prepared.baskets, prepared.parents,
                                          {.min_support = Share::of_count(6), .max_length = max_length});
      auto const expected = generalised(rows, 6, max_length);
      EXPECT_EQ(test::itemsets_of(found.tree, test::Nodes::reported), expected);
      EXPECT_EQ(found.itemsets, expected.size());
    }
  }
}

TEST(Taxonomy, closed_and_maximal_itemsets_are_those_among_the_formed_ones) {
  auto const rows = random_rows(60, kItems, 5);
  Prepared const prepared(world(), rows);
  auto const all = generalised(rows, 5, 8);
  for (auto const kind : {ItemsetKind::closed, ItemsetKind::maximal}) {
    auto expected = all;
    std::erase_if(expected, [&](auto const& entry) {
      return std::any_of(all.begin(), all.end(), [&](auto const& other) {
        return other.first.size() > entry.first.size() &&
               std::includes(other.first.begin(), other.first.end(), entry.first.begin(),
                             entry.first.end()) &&
               (kind == ItemsetKind::maximal || other.second == entry.second);
      });
    });
    auto const found = mine_generalised(world(), prepared.baskets, prepared.parents,
                                        {.min_support = Share::of_count(5), .kind = kind});
    EXPECT_EQ(test::itemsets_of(found.tree, test::Nodes::reported), expected);
  }
}

/// Whether an ancestor rule predicts a rule, from the definition of Srikant and Agrawal.
bool is_implied(test::Supports const& support, std::int64_t rows, Itemset const& antecedent,
                std::string const& consequent, RuleOptions const& options) {
  auto const count = [&](Itemset const& items) { return static_cast<double>(support.at(items)); };
  auto with = [](Itemset items, std::string const& more) {
    items.insert(more);
    return items;
  };
  double const both = count(with(antecedent, consequent)), confidence = both / count(antecedent);
  auto const implied_by = [&](Itemset const& a, std::string const& c, double share, double confidence_share) {
    auto const whole = with(a, c);
    if (whole.size() != antecedent.size() + 1 || !support.contains(whole)) return false;
    double const predicting = count(whole) / count(a);
    return predicting >= options.min_confidence &&
           predicting * static_cast<double>(rows) / count({c}) >= options.min_lift &&
           both < options.interest * count(whole) * share &&
           confidence < options.interest * predicting * confidence_share;
  };
  for (auto const& item : antecedent) {
    if (!kParent.contains(item)) continue;
    auto other = antecedent;
    other.erase(item);
    other.insert(kParent.at(item));
    if (implied_by(other, consequent, count({item}) / count({kParent.at(item)}), 1)) return true;
  }
  if (!kParent.contains(consequent)) return false;
  double const share = count({consequent}) / count({kParent.at(consequent)});
  return implied_by(antecedent, kParent.at(consequent), share, share);
}

TEST(Taxonomy, rules_that_an_ancestor_rule_predicts_are_left_out_and_counted) {
  std::uint64_t implied = 0;
  for (std::uint64_t seed = 1; seed <= 4; ++seed) {
    auto const rows = random_rows(120, kItems, seed);
    Prepared const prepared(world(), rows);
    auto const base = frequent_in_base(
        mine_segments(world(), prepared.baskets, std::vector<std::int32_t>(prepared.baskets.rows(), 0), 1,
                      {.min_support = Share::of_count(6), .parents = prepared.parents}));
    RuleOptions const options{.min_confidence = 0.2, .min_lift = 1.0, .max_antecedent = 4};
    auto const all =
        test::gather(world(), find_rules(world(), base.tree, prepared.baskets.item_names, options));
    auto const result = find_rules(world(), base.tree, base.parents, prepared.baskets.item_names, options);
    auto const some = test::gather(world(), result);
    auto const supports = generalised(rows, 6, 8);
    std::size_t next = 0;
    for (auto const& rule : all.rules) {
      auto const name = [&](std::int32_t item) {
        return base.tree.item_name[static_cast<std::size_t>(item)];
      };
      Itemset antecedent;
      for (auto const item : rule.antecedent) antecedent.insert(name(item));
      if (is_implied(supports, 120, antecedent, name(rule.consequent), options)) continue;
      ASSERT_LT(next, some.rules.size());
      EXPECT_EQ(some.rules[next].antecedent, rule.antecedent);
      EXPECT_EQ(some.rules[next].consequent, rule.consequent);
      EXPECT_EQ(some.rules[next].q_value, rule.q_value);
      ++next;
    }
    EXPECT_EQ(next, some.rules.size());
    EXPECT_EQ(result.implied, all.rules.size() - some.rules.size());
    EXPECT_EQ(some.tests, all.tests);
    implied += result.implied;
  }
  EXPECT_GT(implied, 0U);
}

void expect_refused(std::string const& text, std::vector<std::string> const& words) {
  try {
    (void)parse_taxonomy(text, "t.csv");
    FAIL() << "accepted: " << text;
  } catch (InputError const& error) {
    for (auto const& word : words) {
      EXPECT_NE(error.what_is_wrong().find(word), std::string::npos)
          << error.what_is_wrong() << " lacks " << word;
    }
  }
}

TEST(Taxonomy, rejects_lines_that_are_not_child_and_parent) {
  expect_refused("a,b\nc\n", {"t.csv:2", "1 fields"});
  expect_refused("a,b,c\n", {"t.csv:1", "3 fields"});
  expect_refused("a,\n", {"t.csv:1", "empty name"});
  expect_refused("a,\"b\n", {"t.csv:1", "not closed"});
  expect_refused("a,b\"c\n", {"t.csv:1", "stray"});
}

TEST(Taxonomy, reads_quoted_names) {
  auto const taxonomy = parse_taxonomy("\"balance=[72, 448)\",\"say \"\"low\"\"\"", "t.csv");
  ASSERT_EQ(taxonomy.child_and_parent.size(), 1U);
  EXPECT_EQ(taxonomy.child_and_parent[0].first, "balance=[72, 448)");
  EXPECT_EQ(taxonomy.child_and_parent[0].second, "say \"low\"");
}

TEST(Taxonomy, rejects_a_child_of_two_parents_and_takes_a_repeated_line_once) {
  expect_refused("a,b\nc,b\na,d\n", {"t.csv:3", "'a'", "'b'", "'d'"});
  EXPECT_EQ(parse_taxonomy("a,b\na,b\n", "t.csv").child_and_parent.size(), 1U);
}

TEST(Taxonomy, names_a_cycle) {
  expect_refused("x,a\na,b\nb,c\nc,a\n", {"a -> b -> c -> a"});
  expect_refused("a,a\n", {"a -> a"});
}

TEST(Taxonomy, rejects_one_that_concerns_no_item) {
  auto baskets = distribute(world(), random_rows(10, kItems, 1), kItems);
  EXPECT_THROW((void)add_ancestors(world(), parse_taxonomy("yacht,boat\n", "t.csv"), "t.csv", baskets),
               Error);
}

TEST(Taxonomy, rejects_the_k_best_and_too_many_itemsets) {
  Prepared const prepared(world(), random_rows(40, kItems, 1));
  EXPECT_THROW((void)mine_generalised(world(), prepared.baskets, prepared.parents, {.top_k = 5}),
               ConfigurationError);
  EXPECT_THROW((void)mine_generalised(world(), prepared.baskets, prepared.parents, {.max_itemsets = 3}),
               Error);
}

}  // namespace
}  // namespace tessera
