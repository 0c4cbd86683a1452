// SPDX-License-Identifier: Apache-2.0
#include "count_engine.hpp"

#include "tessera/comm/agree.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

#include "miner.hpp"
#include "prune.hpp"
#include "subset_walk.hpp"

namespace tessera {

namespace {

constexpr std::size_t kMaxDepth = 65535;

/// The items of at least this support, under the same canonical order.
FrequentItems at_support(FrequentItems const& items, std::size_t begin) {
  FrequentItems out;
  auto const skip = static_cast<std::ptrdiff_t>(begin);
  out.item.assign(items.item.begin() + skip, items.item.end());
  out.support.assign(items.support.begin() + skip, items.support.end());
  out.rank_of = items.rank_of;
  for (auto& rank : out.rank_of)
    rank = std::cmp_less(rank, begin) ? -1 : rank - static_cast<std::int32_t>(begin);
  return out;
}

}  // namespace

CountEngine::CountEngine(Communicator const& comm, Baskets const& baskets, FrequentItems const& items,
                         SearchOptions options, Progress& progress, MemoryMeter& meter)
    : comm_(comm),
      baskets_(baskets),
      items_(items),
      options_(std::move(options)),
      progress_(progress),
      meter_(meter) {}

std::optional<UnitCounts> CountEngine::count(std::uint64_t min_support, std::uint64_t limit, Keep) {
  tree_ = {};
  begin_ = first_frequent(items_, min_support);
  units_ = make_units(items_.support, begin_);
  counts_.nodes.assign(units_.size(), 0);
  counts_.reported.assign(units_.size(), 0);
  auto const items = together(comm_, [&] { return at_support(items_, begin_); });
  bool const all = options_.kind == ItemsetKind::all;
  // Whether the longest itemsets are closed or maximal is seen in those that are longer by one item.
  std::size_t const reach = std::min(kMaxDepth, options_.max_length + (all ? 0 : 1));
  bool const plain = all && options_.min_length <= 1 && options_.required.empty();
  {
    auto miner = together(comm_, [&] {
      return Miner(comm_, baskets_, items, std::max<std::uint64_t>(1, min_support), reach, meter_);
    });
    if (!miner.run(plain ? limit : NodeBuffer::kMany, progress_)) return std::nullopt;
    together(comm_, [&] { miner.found().write_depth_first(items.item.size(), tree_); });
  }
  together(comm_, [&] {
    mark();
    drop_unwanted();
    tree_ = prune(tree_);
    std::size_t unit = 0;
    for (std::size_t node = 0; node < tree_.nodes(); ++node) {
      if (tree_.depth[node] == 1) {
        while (
            std::cmp_less_equal(units_.first[unit + 1], static_cast<std::size_t>(tree_.item[node]) + begin_))
          ++unit;
      }
      ++counts_.nodes[unit];
      counts_.reported[unit] += tree_.reported[node];
    }
  });
  auto const reported = std::accumulate(counts_.reported.begin(), counts_.reported.end(), std::uint64_t{0});
  if (reported > limit) return std::nullopt;
  return counts_;
}

/// An itemset is not closed when a superset has its support, and not maximal when it has a superset at all.
void CountEngine::mark() {
  if (options_.kind == ItemsetKind::all) return;
  walk_subsets(
      tree_, TreeIndex(tree_), kMaxDepth,
      [&](std::span<std::uint64_t const> path, std::span<std::uint64_t const> subsets) {
        for (auto const subset : subsets) {
          if (subset >= tree_.nodes()) continue;  // the root
          if (options_.kind == ItemsetKind::maximal || tree_.support[subset] == tree_.support[path.back()]) {
            tree_.reported[subset] = 0;
          }
        }
      });
}

/// Those that are too short or too long, or lack a required item.
void CountEngine::drop_unwanted() {
  std::vector<std::int32_t> path;
  for (std::size_t node = 0; node < tree_.nodes(); ++node) {
    path.resize(tree_.depth[node] - std::size_t{1});
    path.push_back(tree_.item[node] + static_cast<std::int32_t>(begin_));
    bool const wanted =
        path.size() >= options_.min_length && path.size() <= options_.max_length &&
        std::includes(path.begin(), path.end(), options_.required.begin(), options_.required.end());
    if (!wanted) tree_.reported[node] = 0;
  }
}

void CountEngine::find(Sink const& sink) {
  auto const ranks = static_cast<std::size_t>(comm_.size()), rank = static_cast<std::size_t>(comm_.rank());
  together(comm_, [&] {
    std::uint64_t first = 0;
    for (std::size_t unit = 0; unit < units_.size(); ++unit) {
      auto const count = counts_.nodes[unit];
      if (unit % ranks == rank) {
        sink(unit, 0,
             {std::span(tree_.depth).subspan(first, count), std::span(tree_.item).subspan(first, count),
              std::span(tree_.support).subspan(first, count),
              std::span(tree_.reported).subspan(first, count)});
      }
      first += count;
    }
  });
}

}  // namespace tessera
