// SPDX-License-Identifier: Apache-2.0
#include "tessera/comm/agree.hpp"
#include "tessera/core/error.hpp"
#include "tessera/itemset/segment_itemsets.hpp"

#include <algorithm>
#include <numeric>

#include "mining_checks.hpp"
#include "prune.hpp"
#include "subset_walk.hpp"
#include <fmt/format.h>

namespace tessera {

namespace {

/// An itemset is not closed when a superset has its support, and not maximal when it has a superset at all.
void mark(ItemsetTree& tree, ItemsetKind kind) {
  if (kind == ItemsetKind::all) return;
  walk_subsets(tree, TreeIndex(tree), tree.nodes(),
               [&](std::span<std::uint64_t const> path, std::span<std::uint64_t const> subsets) {
                 for (auto const subset : subsets) {
                   if (subset >= tree.nodes()) continue;  // the root
                   if (kind == ItemsetKind::maximal || tree.support[subset] == tree.support[path.back()])
                     tree.reported[subset] = 0;
                 }
               });
}

/// Those that are too short or too long, or lack a required item.
void drop_unwanted(ItemsetTree& tree, ItemsetOptions const& options) {
  std::vector<std::string> path;
  for (std::size_t node = 0; node < tree.nodes(); ++node) {
    path.resize(tree.depth[node] - std::size_t{1});
    path.push_back(tree.item_name[static_cast<std::size_t>(tree.item[node])]);
    bool const holds_all = std::all_of(
        options.must_contain.begin(), options.must_contain.end(),
        [&](std::string const& name) { return std::find(path.begin(), path.end(), name) != path.end(); });
    if (path.size() < options.min_length || path.size() > options.max_length || !holds_all)
      tree.reported[node] = 0;
  }
}

}  // namespace

ItemsetResult mine_generalised(Communicator const& comm, Baskets const& baskets, Parents const& parents,
                               ItemsetOptions const& options) {
  if (options.top_k > 0) {
    throw ConfigurationError(fmt::format("itemsets.top_k = {} with a taxonomy", options.top_k),
                             "itemsets over a taxonomy are searched at one minimum support",
                             "set itemsets.min_support instead, or leave the taxonomy out");
  }
  check_mining(baskets, options,
               std::max<std::uint64_t>(1, options.min_support.count_of(baskets.blocks.total_rows)));
  static_cast<void>(allowed_items(baskets, options));
  bool const looks_beyond = options.kind != ItemsetKind::all;
  std::vector<std::int32_t> const one_segment(baskets.rows(), 0);
  auto const found =
      mine_segments(comm, baskets, one_segment, 1,
                    {.min_support = options.min_support,
                     .max_length = std::max(options.max_length, options.max_length + (looks_beyond ? 1 : 0)),
                     .parents = parents,
                     .may_contain = options.may_contain,
                     .max_memory = options.max_memory});
  return together(comm, [&] {
    ItemsetResult out;
    auto tree = found.tree;
    mark(tree, options.kind);
    drop_unwanted(tree, options);
    out.tree = prune(tree);
    out.itemsets = std::accumulate(out.tree.reported.begin(), out.tree.reported.end(), std::uint64_t{0});
    if (out.itemsets > options.max_itemsets) {
      throw ResourceError(fmt::format("there are {} itemsets, more than itemsets.max_itemsets = {}",
                                      out.itemsets, options.max_itemsets),
                          "with a taxonomy all of them are found at the minimum support asked for, or none",
                          "raise itemsets.min_support or itemsets.max_itemsets");
    }
    return out;
  });
}

}  // namespace tessera
