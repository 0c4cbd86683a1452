// SPDX-License-Identifier: Apache-2.0
#include "choose_engine.hpp"

#include "tessera/comm/agree.hpp"
#include "tessera/comm/collectives.hpp"
#include "tessera/comm/node_memory.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "count_engine.hpp"
#include "task_engine.hpp"
#include <fmt/format.h>

namespace tessera {

namespace {

SearchOptions search_options(Baskets const& baskets, FrequentItems const& items,
                             ItemsetOptions const& options) {
  SearchOptions out;
  out.kind = options.kind;
  out.min_length = options.min_length;
  out.max_length = std::min<std::uint64_t>(options.max_length, std::numeric_limits<std::uint16_t>::max());
  for (auto const& name : options.must_contain) {
    auto const found = std::find(baskets.item_names.begin(), baskets.item_names.end(), name);
    out.required.push_back(items.rank_of[static_cast<std::size_t>(found - baskets.item_names.begin())]);
  }
  std::sort(out.required.begin(), out.required.end());
  out.required.erase(std::unique(out.required.begin(), out.required.end()), out.required.end());
  return out;
}

/// What decides between the distributions; sums over all ranks.
struct Sizes {
  std::uint64_t rows, distinct_rows, cells;  ///< distinct_rows and cells: merged on each rank
  std::uint64_t items;
  std::uint64_t node_bytes;  ///< that the ranks of a node may use together for prepared baskets
};

/// Seconds that tasks cost before they begin: cells travel, and one rank of a node indexes all of them.
double task_seconds(Sizes const& sizes) {
  constexpr double kSecondsPerCell = 8e-9;
  return kSecondsPerCell * static_cast<double>(sizes.cells);
}

/// Seconds that agreeing on supports costs: pairs are the bulk of candidates in data where customers are many,
/// and all are counted on every rank, so they do not get fewer with ranks.
double count_seconds(Sizes const& sizes, int ranks) {
  constexpr double kSecondsPerPair = 40e-9;
  double const pairs = static_cast<double>(sizes.items) * static_cast<double>(sizes.items) / 2;
  return kSecondsPerPair * pairs * std::log2(2.0 * ranks);
}

ChosenEngine choose(Sizes const& sizes, int ranks, Distribution wanted) {
  constexpr std::uint64_t kMost = std::uint64_t{1} << 32;  // places of cells are 32 bits, and so are supports
  constexpr double kWorthCounting = 5;                     // seconds that tasks lose before counting is tried
  auto const bytes = 2 * sizeof(std::uint32_t) * sizes.cells;
  bool const fits = bytes <= sizes.node_bytes && sizes.cells < kMost && sizes.rows < kMost;
  double const task = task_seconds(sizes), count = count_seconds(sizes, ranks);
  auto const merged =
      fmt::format("{} baskets are {} distinct ones on their ranks, {:.1f} MB prepared", sizes.rows,
                  sizes.distinct_rows, static_cast<double>(bytes) / 1e6);
  if (wanted == Distribution::automatic) {
    bool const counts = !fits || (task > kWorthCounting && count < task / 4);
    auto const because =
        !fits ? fmt::format("more than the {:.1f} MB of a node", static_cast<double>(sizes.node_bytes) / 1e6)
              : fmt::format("to gather and index: {:.1f} s; to agree on supports: {:.1f} s", task, count);
    return {nullptr, counts ? Distribution::count : Distribution::task, merged + "; " + because};
  }
  if (wanted == Distribution::task && !fits) {
    throw ResourceError(
        fmt::format("itemsets.distribution = task: {} ({} cells) do not fit the {} bytes of a node", merged,
                    sizes.cells, sizes.node_bytes),
        "each node holds all prepared baskets",
        "set itemsets.distribution to count, or raise itemsets.max_memory or itemsets.min_support");
  }
  return {nullptr, wanted, merged + "; as configured"};
}

}  // namespace

ChosenEngine choose_engine(Communicator const& comm, Baskets const& baskets, FrequentItems const& items,
                           ItemsetOptions const& options, Progress& progress, MemoryMeter& meter) {
  auto const rows = baskets.blocks.total_rows;
  std::vector<std::uint32_t> merged;
  std::uint64_t distinct = 0;
  if (options.distribution != Distribution::count) {
    together(comm, [&] {
      // Items of every basket need no cells.
      auto rank_of = items.rank_of;
      auto const alive = static_cast<std::int32_t>(alive_items(items, rows));
      for (auto& rank : rank_of) rank = rank < alive ? rank : -1;
      merged = merge_baskets(baskets, rank_of, meter);
      distinct = static_cast<std::uint64_t>(std::count_if(merged.begin(), merged.end(), cell::is_end)) - 1;
    });
  }
  Sizes const sizes{rows, all_reduce(comm, distinct, Reduce::sum),
                    all_reduce(comm, std::uint64_t{merged.size()}, Reduce::sum), items.item.size(),
                    options.max_memory / 2 * static_cast<std::uint64_t>(ranks_per_node(comm))};
  auto out = together(comm, [&] { return choose(sizes, comm.size(), options.distribution); });
  auto search = together(comm, [&] { return search_options(baskets, items, options); });
  if (out.distribution == Distribution::task) {
    merged = merge_over_ranks(comm, std::move(merged), meter);
    out.engine = std::make_unique<TaskEngine>(comm, std::move(merged), items, rows, std::move(search), progress, meter);
  } else {
    std::vector<std::uint32_t>().swap(merged);
    out.engine = std::make_unique<CountEngine>(comm, baskets, items, std::move(search), progress, meter);
  }
  return out;
}

}  // namespace tessera
