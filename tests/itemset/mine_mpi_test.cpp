// SPDX-License-Identifier: Apache-2.0
#include "tessera/comm/collectives.hpp"
#include "tessera/core/error.hpp"
#include "tessera/itemset/mine.hpp"

#include <bit>
#include <numeric>

#include "mpi/main.hpp"
#include "small_baskets.hpp"
#include <gtest/gtest.h>

namespace tessera {
namespace {

using test::brute_force;
using test::distribute;
using test::Itemset;
using test::itemsets_of;
using test::Nodes;
using test::random_rows;
using test::Rows;
using test::Supports;
using test::world;

ItemsetOptions options(std::uint64_t min_support, ItemsetKind kind = ItemsetKind::all,
                       std::uint64_t max_length = 65535) {
  return {.min_support = Share::of_count(min_support), .kind = kind, .max_length = max_length};
}

Supports up_to(Supports itemsets, std::uint64_t max_length) {
  std::erase_if(itemsets, [&](auto const& entry) { return entry.first.size() > max_length; });
  return itemsets;
}

/// The definitions, word by word, over all frequent itemsets of any length.
Supports of_kind(Supports const& frequent, ItemsetKind kind) {
  Supports out;
  for (auto const& [itemset, support] : frequent) {
    bool keep = true;
    for (auto const& [other, other_support] : frequent) {
      bool const superset = other.size() > itemset.size() &&
                            std::includes(other.begin(), other.end(), itemset.begin(), itemset.end());
      if (superset && kind == ItemsetKind::maximal) keep = false;
      if (superset && kind == ItemsetKind::closed && other_support == support) keep = false;
    }
    if (keep) out.emplace(itemset, support);
  }
  return out;
}

void expect_same_on_every_rank(ItemsetTree const& tree) {
  auto const same = [](auto const& values) {
    using T = typename std::decay_t<decltype(values)>::value_type;
    auto reference = values;
    broadcast(world(), std::span<T>(reference), 0);
    EXPECT_EQ(values, reference);
  };
  auto const nodes = all_reduce(world(), tree.nodes(), Reduce::maximum);
  ASSERT_EQ(all_reduce(world(), std::uint64_t{tree.nodes() == nodes}, Reduce::minimum), 1U);
  same(tree.depth);
  same(tree.item);
  same(tree.support);
  same(tree.reported);
}

/// A prefix tree in depth-first order with items in canonical order.
void expect_valid(ItemsetTree const& tree) {
  std::map<std::string, std::int64_t> single;
  std::vector<std::size_t> path;
  std::vector<std::int32_t> last_child(1, -1);  // item of the latest child at each depth
  for (std::size_t i = 0; i < tree.nodes(); ++i) {
    ASSERT_GE(tree.depth[i], 1);
    ASSERT_LE(tree.depth[i], path.size() + 1);
    path.resize(tree.depth[i] - 1U);
    last_child.resize(tree.depth[i]);
    ASSERT_GT(tree.item[i], last_child.back());
    last_child.back() = tree.item[i];
    last_child.push_back(tree.item[i]);
    if (path.empty()) {
      single[tree.item_name.at(static_cast<std::size_t>(tree.item[i]))] = tree.support[i];
    } else {
      ASSERT_LE(tree.support[i], tree.support[path.back()]);
    }
    ASSERT_GE(tree.support[i], static_cast<std::int64_t>(tree.min_support));
    path.push_back(i);
  }
  std::int64_t before = 0;
  for (auto const& name : tree.item_name) {
    auto const found = single.find(name);  // a single item that begins no closed set is no node
    if (found == single.end()) continue;
    EXPECT_LE(before, found->second);
    before = found->second;
  }
}

/// Every node is an itemset with its support, and is reported or leads to a reported one.
void expect_no_idle_nodes(ItemsetTree const& tree, Supports const& frequent) {
  for (auto const& [itemset, support] : itemsets_of(tree, Nodes::all))
    EXPECT_EQ(frequent.at(itemset), support);
  for (std::size_t i = 0; i < tree.nodes(); ++i) {
    bool const leads_on = i + 1 < tree.nodes() && tree.depth[i + 1] > tree.depth[i];
    EXPECT_TRUE(tree.reported[i] != 0 || leads_on) << "node " << i;
  }
}

class MineItemsets : public testing::TestWithParam<ItemsetKind> {};

/// Both distributions find the same tree.
ItemsetResult mine_both_ways(Communicator const& comm, Baskets const& baskets, ItemsetOptions wanted) {
  wanted.distribution = Distribution::task;
  auto const result = mine_itemsets(comm, baskets, wanted);
  wanted.distribution = Distribution::count;
  auto const other = mine_itemsets(comm, baskets, wanted);
  EXPECT_EQ(result.tree.item_name, other.tree.item_name);
  EXPECT_EQ(result.tree.depth, other.tree.depth);
  EXPECT_EQ(result.tree.item, other.tree.item);
  EXPECT_EQ(result.tree.support, other.tree.support);
  EXPECT_EQ(result.tree.reported, other.tree.reported);
  EXPECT_EQ(result.tree.min_support, other.tree.min_support);
  EXPECT_EQ(result.itemsets, other.itemsets);
  EXPECT_EQ(result.truncated, other.truncated);
  return result;
}

INSTANTIATE_TEST_SUITE_P(Kinds, MineItemsets,
                         testing::Values(ItemsetKind::all, ItemsetKind::closed, ItemsetKind::maximal));

TEST_P(MineItemsets, equals_brute_force_at_every_length) {
  for (std::uint64_t seed = 1; seed <= 6; seed += 2) {
    auto const items = static_cast<std::int32_t>(4 + seed);
    auto const rows = random_rows(10 * seed + 7, items, seed);
    auto const baskets = distribute(world(), rows, items);
    for (std::uint64_t const min_support : {std::uint64_t{1}, std::uint64_t{2}, seed * 2, seed * 5}) {
      auto const frequent = brute_force(rows, items, static_cast<std::int64_t>(min_support));
      auto const expected = GetParam() == ItemsetKind::all ? frequent : of_kind(frequent, GetParam());
      for (std::uint64_t const max_length : {1U, 2U, 3U, 5U, 65535U}) {
        auto const result = mine_both_ways(world(), baskets, options(min_support, GetParam(), max_length));
        expect_no_idle_nodes(result.tree, frequent);
        EXPECT_EQ(itemsets_of(result.tree, Nodes::reported), up_to(expected, max_length))
            << "seed " << seed << ", support " << min_support << ", length " << max_length;
        EXPECT_EQ(result.itemsets, up_to(expected, max_length).size());
        EXPECT_FALSE(result.truncated);
        EXPECT_EQ(result.tree.rows, rows.size());
        EXPECT_EQ(result.tree.min_support, min_support);
        expect_valid(result.tree);
        expect_same_on_every_rank(result.tree);
      }
    }
  }
}

/// Many items, few of them in a basket: the sparse form of projections, and several batches.
TEST(MineItemsets, equals_a_plain_count_of_pairs_and_triples_on_sparse_baskets) {
  constexpr std::int32_t kItems = 700;
  Draw const draw(5, Purpose::generate);
  Rows rows(1500);
  for (std::size_t r = 0; r < rows.size(); ++r) {
    for (std::uint32_t i = 0; i < 9; ++i) {
      auto const u = draw.uniform(r, i);
      rows[r].insert(static_cast<std::int32_t>(u * u * kItems));
    }
  }
  Supports expected;
  auto const name = test::names(kItems);
  auto const at = [&](std::int32_t item) { return name[static_cast<std::size_t>(item)]; };
  for (auto const& row : rows) {
    for (auto a = row.begin(); a != row.end(); ++a) {
      ++expected[{at(*a)}];
      for (auto b = std::next(a); b != row.end(); ++b) {
        ++expected[{at(*a), at(*b)}];
        for (auto c = std::next(b); c != row.end(); ++c) ++expected[{at(*a), at(*b), at(*c)}];
      }
    }
  }
  std::erase_if(expected, [](auto const& entry) { return entry.second < 2; });
  auto const result =
      mine_itemsets(world(), distribute(world(), rows, kItems), options(2, ItemsetKind::all, 3));
  EXPECT_EQ(itemsets_of(result.tree, Nodes::all), expected);
}

TEST(MineItemsets, gives_the_same_bits_on_one_rank_and_on_many) {
  for (auto const kind : {ItemsetKind::all, ItemsetKind::closed, ItemsetKind::maximal}) {
    auto const rows = random_rows(200, 12, 11);
    auto const all = mine_itemsets(world(), distribute(world(), rows, 12), options(9, kind, 5)).tree;
    auto const alone =
        mine_itemsets(Communicator::self(), distribute(Communicator::self(), rows, 12), options(9, kind, 5))
            .tree;
    EXPECT_EQ(all.item_name, alone.item_name);
    EXPECT_EQ(all.depth, alone.depth);
    EXPECT_EQ(all.item, alone.item);
    EXPECT_EQ(all.support, alone.support);
    EXPECT_EQ(all.reported, alone.reported);
  }
}

TEST(MineItemsets, a_permutation_of_the_baskets_changes_nothing) {
  auto rows = random_rows(80, 9, 3);
  auto const before = mine_itemsets(world(), distribute(world(), rows, 9), options(8, ItemsetKind::closed));
  std::reverse(rows.begin(), rows.end());
  std::rotate(rows.begin(), rows.begin() + 31, rows.end());
  auto const after = mine_itemsets(world(), distribute(world(), rows, 9), options(8, ItemsetKind::closed));
  EXPECT_EQ(before.tree.item_name, after.tree.item_name);
  EXPECT_EQ(before.tree.depth, after.tree.depth);
  EXPECT_EQ(before.tree.item, after.tree.item);
  EXPECT_EQ(before.tree.support, after.tree.support);
  EXPECT_EQ(before.tree.reported, after.tree.reported);
}

TEST(MineItemsets, a_duplicate_of_every_basket_doubles_every_count) {
  auto const rows = random_rows(60, 8, 4);
  auto doubled = rows;
  doubled.insert(doubled.end(), rows.begin(), rows.end());
  auto const once = mine_itemsets(world(), distribute(world(), rows, 8), options(6));
  auto const twice = mine_itemsets(world(), distribute(world(), doubled, 8), options(12));
  EXPECT_EQ(once.tree.item, twice.tree.item);
  ASSERT_EQ(once.tree.nodes(), twice.tree.nodes());
  for (std::size_t i = 0; i < once.tree.nodes(); ++i)
    EXPECT_EQ(2 * once.tree.support[i], twice.tree.support[i]);
}

TEST(MineItemsets, a_share_is_compared_as_integers) {
  Rows rows(25);
  for (std::size_t r = 0; r < 7; ++r) rows[r].insert(0);
  auto const baskets = distribute(world(), rows, 1);
  auto const mine = [&](char const* share) {
    return mine_itemsets(world(), baskets, {.min_support = Share::parse(share, "itemsets.min_support")})
        .itemsets;
  };
  EXPECT_EQ(mine("28%"), 1U);
  EXPECT_EQ(mine("7/25"), 1U);
  EXPECT_EQ(mine("28.01%"), 0U);
}

TEST(MineItemsets, ties_of_support_are_ordered_by_item) {
  auto const result = mine_itemsets(world(), distribute(world(), Rows(5, {0, 1, 2}), 3), options(5));
  EXPECT_EQ(result.tree.item_name, test::names(3));
  EXPECT_EQ(result.tree.depth, (std::vector<std::uint16_t>{1, 2, 3, 2, 1, 2, 1}));
  EXPECT_EQ(result.tree.item, (std::vector<std::int32_t>{0, 1, 2, 2, 1, 2, 2}));
}

TEST(MineItemsets, finds_nothing_in_empty_baskets) {
  auto const result = mine_itemsets(world(), distribute(world(), Rows(7), 0), options(1));
  EXPECT_EQ(result.itemsets, 0U);
  EXPECT_EQ(result.tree.nodes(), 0U);
  EXPECT_EQ(result.tree.rows, 7U);
}

TEST(MineItemsets, ignores_empty_baskets_among_others) {
  Rows rows(9);
  rows[4] = {0, 2};
  auto const result = mine_itemsets(world(), distribute(world(), rows, 3), options(1, ItemsetKind::maximal));
  EXPECT_EQ(itemsets_of(result.tree, Nodes::reported), (Supports{{{"item 0", "item 2"}, 1}}));
}

TEST(MineItemsets, an_item_of_every_basket_belongs_to_every_closed_set) {
  auto rows = random_rows(40, 6, 8);
  for (auto& row : rows) row.insert(2);
  auto const result = mine_itemsets(world(), distribute(world(), rows, 6), options(3, ItemsetKind::closed));
  for (auto const& [itemset, support] : itemsets_of(result.tree, Nodes::reported)) {
    EXPECT_TRUE(itemset.contains("item 2"));
  }
}

TEST(MineItemsets, a_single_basket_has_every_subset) {
  auto const result = mine_itemsets(world(), distribute(world(), Rows{{0, 1, 2, 3, 4}}, 5), options(1));
  EXPECT_EQ(result.itemsets, 31U);
}

TEST(MineItemsets, rejects_a_minimum_support_above_the_number_of_baskets) {
  auto const baskets = distribute(world(), random_rows(10, 3, 1), 3);
  try {
    (void)mine_itemsets(world(), baskets, options(11));
    FAIL() << "accepted";
  } catch (Error const& error) {
    EXPECT_EQ(error.code(), ExitCode::configuration);
    EXPECT_NE(error.what_is_wrong().find("11 of 10 baskets"), std::string::npos);
  }
}

TEST(MineItemsets, rejects_the_length_zero) {
  auto const baskets = distribute(world(), random_rows(10, 3, 1), 3);
  EXPECT_THROW((void)mine_itemsets(world(), baskets, options(1, ItemsetKind::all, 0)), Error);
}

/// A base whose itemsets of support s or more are known: item i is in the first 100 - 5 i baskets.
Rows staircase() {
  Rows rows(100);
  for (std::int32_t i = 0; i < 14; ++i) {
    for (std::size_t r = 0; r < 100 - 5 * static_cast<std::size_t>(i); ++r) rows[r].insert(i);
  }
  return rows;
}

TEST(MineItemsets, raises_the_support_until_the_itemsets_fit) {
  auto const baskets = distribute(world(), staircase(), 14);
  // Itemsets at support 100 - 5 i: the subsets of the first i + 1 items.
  for (auto const kind : {ItemsetKind::all, ItemsetKind::closed}) {
    for (std::uint64_t const limit : {1U, 6U, 7U, 1024U}) {
      auto limited = options(1, kind);
      limited.max_itemsets = limit;
      auto const result = mine_both_ways(world(), baskets, limited);
      auto const fits = kind == ItemsetKind::all ? std::bit_width(limit + 1) - 1U : limit;
      bool const truncated = fits < 14;
      EXPECT_EQ(result.truncated, truncated);
      std::uint64_t const support = truncated ? 100 - 5 * fits + 1 : 1;
      EXPECT_EQ(result.tree.min_support, support);
      auto const same = mine_itemsets(world(), baskets, options(support, kind));
      EXPECT_EQ(result.tree.item, same.tree.item);
      EXPECT_EQ(result.tree.support, same.tree.support);
      EXPECT_EQ(result.tree.item_name, same.tree.item_name);
      EXPECT_LE(result.itemsets, limit);
      expect_valid(result.tree);
      expect_same_on_every_rank(result.tree);
    }
  }
}

TEST(MineItemsets, stops_at_once_where_a_basket_has_more_subsets_than_there_are_numbers) {
  constexpr std::int32_t kItems = 5000;
  Rows rows(3);
  for (std::int32_t i = 0; i < kItems; ++i) rows[0].insert(i);
  rows[1] = {1, 2};
  rows[2] = {1};
  auto const baskets = distribute(world(), rows, kItems);
  auto const all = mine_itemsets(world(), baskets, options(1));
  EXPECT_TRUE(all.truncated);
  EXPECT_EQ(all.tree.min_support, 2U);
  EXPECT_EQ(all.itemsets, 3U);
  auto const closed = mine_itemsets(world(), baskets, options(1, ItemsetKind::closed));
  EXPECT_FALSE(closed.truncated);
  EXPECT_EQ(closed.itemsets, 3U);
  EXPECT_EQ(closed.tree.nodes(), 5003U);  // 5,000 on the way to all items, and item 2, 2 and 1, 1
  expect_valid(closed.tree);
  EXPECT_EQ(mine_itemsets(world(), baskets, options(1, ItemsetKind::maximal)).itemsets, 1U);
}

TEST(MineItemsets, nothing_fits_where_the_largest_support_has_too_many_ties) {
  auto limited = options(5);
  limited.max_itemsets = 6;
  auto const result = mine_itemsets(world(), distribute(world(), Rows(5, {0, 1, 2}), 3), limited);
  EXPECT_TRUE(result.truncated);
  EXPECT_EQ(result.itemsets, 0U);
  EXPECT_EQ(result.tree.min_support, 6U);
}

TEST(MineItemsets, the_best_k_are_those_of_most_support_and_their_ties) {
  auto const rows = random_rows(90, 9, 21);
  auto const baskets = distribute(world(), rows, 9);
  auto const frequent = brute_force(rows, 9, 1);
  for (auto const kind : {ItemsetKind::all, ItemsetKind::closed}) {
    auto const every = kind == ItemsetKind::all ? frequent : of_kind(frequent, kind);
    std::vector<std::int64_t> supports;
    for (auto const& [itemset, support] : every) supports.push_back(support);
    std::sort(supports.rbegin(), supports.rend());
    for (std::size_t const k : {std::size_t{1}, std::size_t{77}, supports.size(), supports.size() + 1}) {
      auto wanted = options(1, kind);
      wanted.top_k = k;
      auto const result = mine_both_ways(world(), baskets, wanted);
      auto expected = every;
      auto const least = k > supports.size() ? 1 : supports[k - 1];
      std::erase_if(expected, [&](auto const& entry) { return entry.second < least; });
      EXPECT_EQ(itemsets_of(result.tree, Nodes::reported), expected) << k;
      EXPECT_FALSE(result.truncated);
    }
  }
}

TEST(MineItemsets, the_best_k_stay_above_the_minimum_support) {
  auto const baskets = distribute(world(), random_rows(90, 9, 21), 9);
  auto wanted = options(50);
  auto const every = mine_itemsets(world(), baskets, wanted);
  wanted.top_k = 100'000;
  EXPECT_EQ(mine_itemsets(world(), baskets, wanted).tree.support, every.tree.support);
}

TEST_P(MineItemsets, constraints_leave_those_that_meet_them) {
  auto const rows = random_rows(70, 9, 31);
  auto const baskets = distribute(world(), rows, 9);
  auto const name = test::names(9);
  auto const wanted = [&](Itemset const& itemset, ItemsetOptions const& o) {
    return itemset.size() >= o.min_length && itemset.size() <= o.max_length &&
           std::all_of(o.must_contain.begin(), o.must_contain.end(),
                       [&](auto const& item) { return itemset.contains(item); });
  };
  for (std::vector<std::string> const& must :
       {std::vector<std::string>{}, {name[0]}, {name[8]}, {name[3], name[6]}, {name[1], name[1]}}) {
    for (std::uint64_t const min_length : {1U, 2U, 4U}) {
      for (std::uint64_t const max_length : {4U, 65535U}) {
        auto constrained = options(6, GetParam(), max_length);
        constrained.min_length = min_length;
        constrained.must_contain = must;
        auto const frequent = brute_force(rows, 9, 6);
        auto expected = GetParam() == ItemsetKind::all ? frequent : of_kind(frequent, GetParam());
        std::erase_if(expected, [&](auto const& entry) { return !wanted(entry.first, constrained); });
        auto const result = mine_both_ways(world(), baskets, constrained);
        EXPECT_EQ(itemsets_of(result.tree, Nodes::reported), expected);
        EXPECT_EQ(result.itemsets, expected.size());
        expect_no_idle_nodes(result.tree, frequent);
        expect_valid(result.tree);
      }
    }
  }
}

TEST_P(MineItemsets, items_that_may_not_be_contained_do_not_exist) {
  auto const rows = random_rows(70, 8, 33);
  auto without = rows;
  for (auto& row : without) {
    row.erase(2);
    row.erase(7);
  }
  auto constrained = options(6, GetParam());
  constrained.may_contain = test::names(7);
  std::erase(constrained.may_contain, "item 2");
  auto const result = mine_itemsets(world(), distribute(world(), rows, 8), constrained);
  auto const expected = mine_itemsets(world(), distribute(world(), without, 8), options(6, GetParam()));
  EXPECT_EQ(result.tree.item_name, expected.tree.item_name);
  EXPECT_EQ(result.tree.item, expected.tree.item);
  EXPECT_EQ(result.tree.support, expected.tree.support);
}

void expect_refused(ItemsetOptions const& refused, char const* what) {
  auto const baskets = distribute(world(), random_rows(10, 3, 1), 3);
  try {
    (void)mine_itemsets(world(), baskets, refused);
    FAIL() << "accepted: " << what;
  } catch (ConfigurationError const& error) {
    EXPECT_NE(error.what_is_wrong().find(what), std::string::npos) << error.what();
  }
}

TEST(MineItemsets, rejects_constraints_that_nothing_can_meet) {
  auto refused = options(1, ItemsetKind::all, 2);
  refused.min_length = 3;
  expect_refused(refused, "min_length = 3");
  refused = options(1, ItemsetKind::all, 2);
  refused.must_contain = test::names(3);
  expect_refused(refused, "must_contain has 3 items");
  refused = options(1);
  refused.must_contain = {"yacht"};
  expect_refused(refused, "must_contain names 'yacht'");
  refused.must_contain = {"item 1"};
  refused.may_contain = {"item 0"};
  expect_refused(refused, "may_contain leaves out");
  refused.may_contain = {"yacht"};
  expect_refused(refused, "may_contain names 'yacht'");
  refused = options(1, ItemsetKind::maximal);
  refused.top_k = 3;
  expect_refused(refused, "top_k");
  refused = options(1);
  refused.max_itemsets = 0;
  expect_refused(refused, "max_itemsets = 0");
}

TEST(MineItemsets, an_item_that_must_be_contained_but_is_infrequent_leaves_nothing) {
  Rows rows(10, {1, 2});
  rows[0].insert(0);
  auto constrained = options(2);
  constrained.must_contain = {"item 0"};
  EXPECT_EQ(mine_itemsets(world(), distribute(world(), rows, 3), constrained).itemsets, 0U);
}

TEST(MineItemsets, refuses_baskets_that_do_not_fit_the_memory) {
  auto limited = options(1);
  limited.max_memory = 1 << 10;
  try {
    (void)mine_itemsets(world(), distribute(world(), random_rows(60, 9, 4), 9), limited);
    FAIL() << "accepted";
  } catch (Error const& error) {
    EXPECT_EQ(error.code(), ExitCode::resources);
  }
}

TEST(MineItemsets, a_million_distinct_items) {
  constexpr std::int32_t kItems = 1'000'000, kEach = 1000;
  auto const rows = [] {
    Rows out(kItems / kEach);
    for (std::int32_t i = 0; i < kItems; ++i)
      out[static_cast<std::size_t>(i / kEach)].insert(out[static_cast<std::size_t>(i / kEach)].end(), i);
    out[7].insert(0);
    return out;
  }();
  auto const baskets = distribute(world(), rows, kItems);
  auto const closed = mine_itemsets(world(), baskets, options(1, ItemsetKind::closed));
  EXPECT_EQ(closed.itemsets, 1001U);  // the baskets, and item 0
  EXPECT_EQ(closed.tree.nodes(), 1'000'002U);
  EXPECT_EQ(itemsets_of(mine_itemsets(world(), baskets, options(2)).tree, Nodes::all),
            (Supports{{{"item 0"}, 2}}));
}

TEST_P(MineItemsets, one_item_in_each_basket) {
  Rows rows(30);
  for (std::size_t r = 0; r < rows.size(); ++r) rows[r].insert(static_cast<std::int32_t>(r % 4));
  auto const result = mine_both_ways(world(), distribute(world(), rows, 4), options(8, GetParam()));
  EXPECT_EQ(itemsets_of(result.tree, Nodes::reported), (Supports{{{"item 0"}, 8}, {{"item 1"}, 8}}));
}

TEST_P(MineItemsets, one_item_in_every_basket) {
  auto const result = mine_both_ways(world(), distribute(world(), Rows(30, {0}), 1), options(30, GetParam()));
  EXPECT_EQ(itemsets_of(result.tree, Nodes::reported), (Supports{{{"item 0"}, 30}}));
}

/// Sets of many sizes over more items than a word has bits, so that every form of rows is gone through.
TEST_P(MineItemsets, equals_a_plain_search_over_more_items_than_a_word_holds) {
  constexpr std::int32_t kItems = 150;
  Draw const draw(15, Purpose::generate);
  Rows rows(200);
  for (std::size_t r = 0; r < rows.size(); ++r) {
    for (std::int32_t i = 0; i < kItems; ++i) {
      auto const group = (static_cast<std::size_t>(i) / 5 + r) % 7 == 0 ? 0.6 : 0.06;
      if (draw.uniform(r, static_cast<std::uint32_t>(i)) < group) rows[r].insert(i);
    }
    rows[r].insert(149);
    if (rows[r].contains(3)) rows[r].insert(80);
  }
  std::uint64_t const min_support = 8;
  // Depth first, by lists of rows.
  Supports frequent;
  auto const name = test::names(kItems);
  auto const grow = [&](auto const& self, Itemset const& prefix, std::vector<std::size_t> const& holders,
                        std::int32_t from) -> void {
    for (std::int32_t i = from; i < kItems; ++i) {
      std::vector<std::size_t> with;
      for (auto const r : holders) {
        if (rows[r].contains(i)) with.push_back(r);
      }
      if (with.size() < min_support) continue;
      auto itemset = prefix;
      itemset.insert(name[static_cast<std::size_t>(i)]);
      frequent.emplace(itemset, static_cast<std::int64_t>(with.size()));
      self(self, itemset, with, i + 1);
    }
  };
  std::vector<std::size_t> everyone(rows.size());
  std::iota(everyone.begin(), everyone.end(), std::size_t{0});
  grow(grow, {}, everyone, 0);
  ASSERT_GT(frequent.size(), 1000U);
  // Closed: the items common to all its baskets are its own.
  Supports expected;
  for (auto const& [itemset, support] : frequent) {
    bool keep = true;
    for (std::int32_t i = 0; i < kItems && keep && GetParam() != ItemsetKind::all; ++i) {
      if (itemset.contains(name[static_cast<std::size_t>(i)])) continue;
      auto larger = itemset;
      larger.insert(name[static_cast<std::size_t>(i)]);
      auto const found = frequent.find(larger);
      if (found == frequent.end()) continue;
      keep = GetParam() == ItemsetKind::closed && found->second != support;
    }
    if (keep) expected.emplace(itemset, support);
  }
  auto const result =
      mine_both_ways(world(), distribute(world(), rows, kItems), options(min_support, GetParam()));
  EXPECT_EQ(itemsets_of(result.tree, Nodes::reported), expected);
  expect_no_idle_nodes(result.tree, frequent);
  expect_valid(result.tree);
}

}  // namespace
}  // namespace tessera
