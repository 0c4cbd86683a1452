// SPDX-License-Identifier: Apache-2.0
#include "tessera/comm/collectives.hpp"
#include "tessera/core/error.hpp"
#include "tessera/itemset/mine.hpp"

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
  for (std::size_t i = 1; i < tree.item_name.size(); ++i) {
    EXPECT_LE(single.at(tree.item_name[i - 1]), single.at(tree.item_name[i]));
  }
}

class MineItemsets : public testing::TestWithParam<ItemsetKind> {};

INSTANTIATE_TEST_SUITE_P(Kinds, MineItemsets,
                         testing::Values(ItemsetKind::all, ItemsetKind::closed, ItemsetKind::maximal));

TEST_P(MineItemsets, equals_brute_force_at_every_length) {
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    auto const items = static_cast<std::int32_t>(4 + seed);
    auto const rows = random_rows(10 * seed + 7, items, seed);
    auto const baskets = distribute(world(), rows, items);
    for (std::uint64_t const min_support : {std::uint64_t{1}, std::uint64_t{2}, seed * 2, seed * 5}) {
      auto const frequent = brute_force(rows, items, static_cast<std::int64_t>(min_support));
      auto const expected = GetParam() == ItemsetKind::all ? frequent : of_kind(frequent, GetParam());
      for (std::uint64_t const max_length : {1U, 2U, 3U, 5U, 65535U}) {
        auto const result = mine_itemsets(world(), baskets, options(min_support, GetParam(), max_length));
        EXPECT_EQ(itemsets_of(result.tree, Nodes::all), up_to(frequent, max_length));
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

TEST(MineItemsets, stops_at_the_memory_limit_with_a_valid_tree_of_exact_supports) {
  Rows const rows(60, {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21});
  auto const baskets = distribute(world(), rows, 22);  // 2^22 - 1 itemsets, all of support 60
  for (std::uint64_t const limit : {std::uint64_t{1} << 10, std::uint64_t{1} << 20, std::uint64_t{1} << 24}) {
    auto limited = options(60);
    limited.max_memory = limit;
    auto const result = mine_itemsets(world(), baskets, limited);
    EXPECT_TRUE(result.truncated);
    EXPECT_LE(result.memory, limit);
    EXPECT_GE(result.itemsets, 22U);
    EXPECT_LT(result.itemsets, (std::uint64_t{1} << 22) - 1);
    EXPECT_EQ(result.tree.support, std::vector<std::int64_t>(result.tree.nodes(), 60));
    expect_valid(result.tree);
    expect_same_on_every_rank(result.tree);
  }
}

TEST(MineItemsets, stops_at_the_memory_limit_within_one_very_long_basket) {
  constexpr std::int32_t kItems = 5000;
  Rows rows(1);
  for (std::int32_t i = 0; i < kItems; ++i) rows[0].insert(i);
  auto limited = options(1, ItemsetKind::closed);
  limited.max_memory = std::uint64_t{1} << 26;
  auto const result = mine_itemsets(world(), distribute(world(), rows, kItems), limited);
  EXPECT_TRUE(result.truncated);
  EXPECT_LE(result.memory, limited.max_memory);
  EXPECT_GT(result.tree.nodes(), 100'000U);
  expect_valid(result.tree);
}

TEST(MineItemsets, needs_no_more_than_the_memory_it_reports) {
  auto const baskets = distribute(world(), random_rows(300, 11, 9), 11);
  auto const free = mine_itemsets(world(), baskets, options(3));
  auto limited = options(3);
  limited.max_memory = free.memory;
  auto const result = mine_itemsets(world(), baskets, limited);
  EXPECT_FALSE(result.truncated);
  EXPECT_EQ(result.tree.support, free.tree.support);
}

}  // namespace
}  // namespace tessera
