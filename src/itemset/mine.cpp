// SPDX-License-Identifier: Apache-2.0
#include "tessera/itemset/mine.hpp"

#include "tessera/comm/agree.hpp"
#include "tessera/comm/collectives.hpp"

#include <algorithm>
#include <limits>
#include <string>

#include "frequent_items.hpp"
#include "miner.hpp"
#include "subset_walk.hpp"

namespace tessera {

namespace {

constexpr std::uint64_t kMaxDepth = std::numeric_limits<std::uint16_t>::max();

void check(Baskets const& baskets, ItemsetOptions const& options, std::uint64_t min_support) {
  if (min_support > baskets.blocks.total_rows) {
    throw ConfigurationError("itemsets.min_support = " + options.min_support.text() + " asks for " +
                                 std::to_string(min_support) + " of " +
                                 std::to_string(baskets.blocks.total_rows) + " baskets",
                             "no itemset can be in more baskets than there are",
                             "lower itemsets.min_support to at most the number of baskets, or to a share");
  }
  if (options.max_length == 0) {
    throw ConfigurationError("itemsets.max_length = 0", "an itemset has at least one item",
                             "set itemsets.max_length to 1 or more");
  }
}

/// An itemset is not closed when a superset has its support, and not maximal when it has a superset at all.
void mark(ItemsetTree& tree, ItemsetKind kind) {
  walk_subsets(tree, TreeIndex(tree), kMaxDepth,
               [&](std::span<std::uint64_t const> path, std::span<std::uint64_t const> subsets) {
                 for (auto const subset : subsets) {
                   if (subset >= tree.nodes()) continue;  // the root, or not found before memory ran out
                   if (kind == ItemsetKind::maximal || tree.support[subset] == tree.support[path.back()]) {
                     tree.reported[subset] = 0;
                   }
                 }
               });
}

void drop_longer(ItemsetTree& tree, std::uint64_t max_length) {
  std::size_t kept = 0;
  for (std::size_t node = 0; node < tree.nodes(); ++node) {
    if (tree.depth[node] > max_length) continue;
    tree.depth[kept] = tree.depth[node];
    tree.item[kept] = tree.item[node];
    tree.support[kept] = tree.support[node];
    tree.reported[kept] = tree.reported[node];
    ++kept;
  }
  tree.depth.resize(kept);
  tree.item.resize(kept);
  tree.support.resize(kept);
  tree.reported.resize(kept);
}

}  // namespace

ItemsetResult mine_itemsets(Communicator const& comm, Baskets const& baskets, ItemsetOptions const& options,
                            Progress& progress) {
  std::uint64_t const min_support =
      std::max<std::uint64_t>(1, options.min_support.count_of(baskets.blocks.total_rows));
  check(baskets, options, min_support);
  auto const items = frequent_items(comm, baskets, min_support);
  // Whether the longest itemsets are closed or maximal is seen in those that are longer by one item.
  bool const look_beyond = options.kind != ItemsetKind::all && options.max_length < kMaxDepth;
  std::uint64_t const search_length = std::min(kMaxDepth, options.max_length + (look_beyond ? 1 : 0));

  ItemsetResult result;
  MemoryMeter meter(options.max_memory);
  {
    auto miner =
        together(comm, [&] { return Miner(comm, baskets, items, min_support, search_length, meter); });
    miner.run(progress);
    result.truncated = miner.truncated();
    together(comm, [&] { miner.found().write_depth_first(items.item.size(), result.tree); });
  }
  auto& tree = result.tree;
  together(comm, [&] {
    tree.rows = baskets.blocks.total_rows;
    tree.min_support = min_support;
    for (auto const item : items.item)
      tree.item_name.push_back(baskets.item_names[static_cast<std::size_t>(item)]);
    if (options.kind != ItemsetKind::all) mark(tree, options.kind);
    drop_longer(tree, options.max_length);
  });
  result.itemsets = static_cast<std::uint64_t>(std::count(tree.reported.begin(), tree.reported.end(), 1));
  result.memory = all_reduce(comm, meter.peak(), Reduce::maximum);
  return result;
}

}  // namespace tessera
