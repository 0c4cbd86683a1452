// SPDX-License-Identifier: Apache-2.0
#include "tessera/itemset/mine.hpp"

#include "tessera/comm/agree.hpp"
#include "tessera/comm/collectives.hpp"

#include <algorithm>
#include <numeric>
#include <string>
#include <utility>

#include "choose_engine.hpp"
#include "engine.hpp"
#include "frequent_items.hpp"
#include "mining_checks.hpp"
#include "node_buffer.hpp"

namespace tessera {

struct ItemsetSearch::State {
  Communicator comm;
  MemoryMeter meter;
  FrequentItems items;
  std::unique_ptr<Engine> engine;
  ItemsetSummary summary;
  UnitCounts counts;
  std::vector<std::uint64_t> unit_first;   ///< [units + 1] node
  std::vector<std::uint64_t> unit_blocks;  ///< [units + 1] block

  State(Communicator const& c, std::uint64_t max_memory) : comm(c), meter(max_memory) {}

  /// *Collective.* The smallest support from `from` on at which there are at most `limit` itemsets, given
  /// that there are more at `from`. Fewer itemsets are frequent at a higher support; maximal ones may be
  /// more, and then it is one at which they are few enough, while they are too many just below.
  std::uint64_t least_support_within(std::uint64_t limit, std::uint64_t from) {
    std::uint64_t too_low = from, enough = from;
    while (true) {
      enough = std::min(2 * too_low, summary.rows + 1);  // no itemset is in more baskets than there are
      if (enough > summary.rows || engine->count(enough, limit, Keep::nothing)) break;
      too_low = enough;
    }
    while (enough - too_low > 1) {
      auto const middle = too_low + (enough - too_low) / 2;
      (engine->count(middle, limit, Keep::nothing) ? enough : too_low) = middle;
    }
    return enough;
  }

  /// *Collective.* Settles the support in effect, and leaves the engine counted at it.
  void settle(ItemsetOptions const& options, Keep keep) {
    auto& support = summary.min_support;
    if (options.top_k > 0 && !engine->count(support, options.top_k - 1, Keep::nothing)) {
      support = least_support_within(options.top_k - 1, support) - 1;
    }
    auto found = engine->count(support, options.max_itemsets, keep);
    if (!found) {
      summary.truncated = true;
      support = least_support_within(options.max_itemsets, support);
      found = engine->count(support, options.max_itemsets, keep);
      if (!found) throw BugError("itemsets that were few enough have become too many");
    }
    counts = std::move(*found);
  }

  /// Local. Blocks are cut from the end of each unit, since nodes are found backwards.
  void lay_out() {
    unit_first.assign(1, 0);
    unit_blocks.assign(1, 0);
    auto& offset = summary.block_offset;
    for (auto const nodes : counts.nodes) {
      auto const end = unit_first.back() + nodes;
      auto const in_first = nodes % NodeBuffer::kBlock;
      if (nodes > 0) offset.push_back(unit_first.back() + (in_first == 0 ? NodeBuffer::kBlock : in_first));
      while (nodes > 0 && offset.back() < end) offset.push_back(offset.back() + NodeBuffer::kBlock);
      unit_first.push_back(end);
      unit_blocks.push_back(offset.size() - 1);
    }
    summary.nodes = unit_first.back();
    summary.itemsets = std::accumulate(counts.reported.begin(), counts.reported.end(), std::uint64_t{0});
  }

  /// The block that begins with a node of a unit.
  [[nodiscard]] std::uint64_t block_at(std::size_t unit, std::uint64_t first) const {
    auto const from_end = (counts.nodes[unit] - first + NodeBuffer::kBlock - 1) / NodeBuffer::kBlock;
    return unit_blocks[unit + 1] - from_end;
  }
};

ItemsetSearch::ItemsetSearch(Communicator const& comm, Baskets const& baskets, ItemsetOptions const& options,
                             Then then, Progress& progress)
    : state_(new State(comm, options.max_memory)) {
  auto& summary = state_->summary;
  summary.rows = baskets.blocks.total_rows;
  summary.min_support = std::max<std::uint64_t>(1, options.min_support.count_of(summary.rows));
  check_mining(baskets, options, summary.min_support);
  auto const allowed = allowed_items(baskets, options);
  state_->items = frequent_items(comm, baskets, summary.min_support, allowed);
  auto chosen = choose_engine(comm, baskets, state_->items, options, progress, state_->meter);
  state_->engine = std::move(chosen.engine);
  summary.distribution = chosen.distribution;
  summary.why = std::move(chosen.why);
  state_->settle(options, then == Then::find ? Keep::what_fits : Keep::nothing);
  state_->lay_out();
  auto const& items = state_->items;
  for (std::size_t i = 0; i < items.item.size(); ++i) {
    if (std::cmp_less(items.support[i], summary.min_support)) continue;
    summary.item_name.push_back(baskets.item_names[static_cast<std::size_t>(items.item[i])]);
  }
  summary.memory = all_reduce(comm, state_->meter.peak(), Reduce::maximum);
}

ItemsetSearch::~ItemsetSearch() = default;
ItemsetSearch::ItemsetSearch(ItemsetSearch&&) noexcept = default;

ItemsetSummary const& ItemsetSearch::summary() const noexcept {
  return state_->summary;
}

void ItemsetSearch::find(Sink const& sink) {
  state_->engine->find([&](std::size_t unit, std::uint64_t first, Nodes const& nodes) {
    if (nodes.size() == 0) return;
    auto const block = state_->block_at(unit, first), end = state_->block_at(unit, first + nodes.size());
    sink(block, end - block, nodes);
  });
  state_->summary.memory = all_reduce(state_->comm, state_->meter.peak(), Reduce::maximum);
}

ItemsetResult mine_itemsets(Communicator const& comm, Baskets const& baskets, ItemsetOptions const& options,
                            Progress& progress) {
  ItemsetSearch search(comm, baskets, options, ItemsetSearch::Then::find, progress);
  ItemsetResult out;
  auto& tree = out.tree;
  std::vector<std::uint64_t> runs;  // first node and number of nodes, of this rank
  std::vector<std::uint16_t> depth;
  std::vector<std::int32_t> item;
  std::vector<std::int64_t> support;
  std::vector<std::uint8_t> reported;
  auto const append = [](auto& values, auto const& more) {
    values.insert(values.end(), more.begin(), more.end());
  };
  search.find([&](std::uint64_t first, std::uint64_t, Nodes const& nodes) {
    runs.push_back(search.summary().block_offset[first]);
    runs.push_back(nodes.size());
    append(depth, nodes.depth);
    append(item, nodes.item);
    append(support, nodes.support);
    append(reported, nodes.reported);
  });
  auto const all_runs = all_gather(comm, std::span<std::uint64_t const>(runs)).values;
  auto const collect = [&](auto& mine, auto& into) {
    using T = typename std::decay_t<decltype(mine)>::value_type;
    auto const found = all_gather(comm, std::span<T const>(mine)).values;
    std::vector<T>().swap(mine);
    together(comm, [&] {
      into.resize(found.size());
      auto from = found.begin();
      for (std::size_t r = 0; r < all_runs.size(); r += 2) {
        auto const count = static_cast<std::ptrdiff_t>(all_runs[r + 1]);
        std::copy(from, from + count, into.begin() + static_cast<std::ptrdiff_t>(all_runs[r]));
        from += count;
      }
    });
  };
  collect(depth, tree.depth);
  collect(item, tree.item);
  collect(support, tree.support);
  collect(reported, tree.reported);
  auto const& summary = search.summary();
  tree.rows = summary.rows;
  tree.min_support = summary.min_support;
  tree.item_name = summary.item_name;
  out.itemsets = summary.itemsets;
  out.truncated = summary.truncated;
  out.memory = summary.memory;
  return out;
}

}  // namespace tessera
