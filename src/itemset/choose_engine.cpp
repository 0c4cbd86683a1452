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

/// Fewer baskets become equal on the way down the search, where tasks merge them and counting does not.
constexpr std::uint64_t kMany = std::uint64_t{1} << 18;

/// What decides between the distributions; sums over all ranks.
struct Sizes {
  std::uint64_t rows, distinct_rows, cells;  ///< distinct_rows and cells: merged on each rank, or estimated
  std::uint64_t items;
  bool estimated;
  std::uint64_t node_bytes;  ///< that the ranks of a node may use together for prepared baskets
};

/// Nanoseconds that a candidate pair costs with tasks. Baskets are walked item by item: each item's baskets
/// from the item on, for all pairs at once.
double task_nanoseconds(Sizes const& sizes, int ranks) {
  constexpr double kPerCell = 2;
  auto const items = static_cast<double>(sizes.items), cells = static_cast<double>(sizes.cells);
  double const length = cells / static_cast<double>(std::max<std::uint64_t>(1, sizes.distinct_rows));
  return kPerCell * (cells / items) * (length / 2) / items / ranks;
}

/// The same when customers stay: each rank looks at its own baskets, as bit columns or item by item,
/// whichever is less, and the count is added over ranks.
double count_nanoseconds(Sizes const& sizes, int ranks) {
  constexpr double kPerVector = 0.5, kRowsPerVector = 512, kPerMessage = 10;
  double const columns = kPerVector * static_cast<double>(sizes.rows) / kRowsPerVector / ranks;
  return std::min(columns, task_nanoseconds(sizes, ranks)) + kPerMessage * std::log2(2.0 * ranks);
}

ChosenEngine choose(Sizes const& sizes, int ranks, Distribution wanted) {
  constexpr std::uint64_t kMost = std::uint64_t{1} << 32;  // places of cells are 32 bits, and so are supports
  auto const bytes = 2 * sizeof(std::uint32_t) * sizes.cells;
  bool const fits = bytes <= sizes.node_bytes && sizes.cells < kMost && sizes.rows < kMost;
  auto const merged =
      fmt::format("{} baskets are {}{} distinct ones on their ranks, {:.1f} MB prepared", sizes.rows,
                  sizes.estimated ? "about " : "", sizes.distinct_rows, static_cast<double>(bytes) / 1e6);
  if (wanted == Distribution::automatic) {
    if (!fits) {
      return {
          nullptr, Distribution::count,
          fmt::format("{}; a node may use {:.1f} MB", merged, static_cast<double>(sizes.node_bytes) / 1e6)};
    }
    if (ranks == 1 && sizes.distinct_rows < kMany) return {nullptr, Distribution::task, merged};
    double const task = task_nanoseconds(sizes, ranks), count = count_nanoseconds(sizes, ranks);
    bool const counts = sizes.distinct_rows >= kMany && count < task;
    return {nullptr, counts ? Distribution::count : Distribution::task,
            fmt::format("{}; a pair of items costs {:.0f} ns counted where baskets are, {:.0f} ns as tasks",
                        merged, count, task)};
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

/// Baskets of a rank that are looked at to guess how many are equal.
constexpr std::uint64_t kSampled = std::uint64_t{1} << 16;

/// Sizes of all baskets from those of a sample. That c of s baskets of a rank repeat others suggests
/// s^2 / 2c different ones in the whole, as for birthdays. Where a few are frequent it suggests too few, and
/// the baskets are merged to see.
Sizes extrapolate(Sizes sample, std::uint64_t sampled, int ranks) {
  auto const rows = static_cast<double>(sample.rows), own = static_cast<double>(sampled) / ranks;
  auto const distinct = static_cast<double>(std::max<std::uint64_t>(1, sample.distinct_rows));
  double const repeated = std::max(1.0, static_cast<double>(sampled) - distinct) / ranks;
  double const kinds = own * own / (2 * repeated);
  double const of_rank = kinds * -std::expm1(-rows / ranks / kinds);
  double const all = std::clamp(of_rank * ranks, distinct, rows);
  sample.cells = static_cast<std::uint64_t>(static_cast<double>(sample.cells) / distinct * all);
  sample.distinct_rows = static_cast<std::uint64_t>(all);
  return sample;
}

}  // namespace

ChosenEngine choose_engine(Communicator const& comm, Baskets const& baskets, FrequentItems const& items,
                           ItemsetOptions const& options, Progress& progress, MemoryMeter& meter) {
  auto const rows = baskets.blocks.total_rows;
  // Items of every basket need no cells.
  auto rank_of = items.rank_of;
  auto const alive = static_cast<std::int32_t>(alive_items(items, rows));
  for (auto& rank : rank_of) rank = rank < alive ? rank : -1;
  auto const node_bytes = options.max_memory / 2 * static_cast<std::uint64_t>(ranks_per_node(comm));
  std::vector<std::uint32_t> merged;
  auto const sizes_with = [&](std::size_t stride) {
    merged = together(comm, [&] { return merge_baskets(baskets, rank_of, meter, stride); });
    auto const distinct =
        static_cast<std::uint64_t>(std::count_if(merged.begin(), merged.end(), cell::is_end)) - 1;
    return Sizes{rows,
                 all_reduce(comm, distinct, Reduce::sum),
                 all_reduce(comm, std::uint64_t{merged.size()}, Reduce::sum),
                 items.item.size(),
                 stride > 1,
                 node_bytes};
  };
  ChosenEngine out{nullptr, options.distribution, "as configured; baskets were not merged"};
  bool const automatic = options.distribution == Distribution::automatic;
  if (automatic && rows / static_cast<std::uint64_t>(comm.size()) > kMany) {
    auto const stride = static_cast<std::size_t>(rows / static_cast<std::uint64_t>(comm.size()) / kSampled);
    auto const sampled = all_reduce(comm, std::uint64_t{(baskets.rows() + stride - 1) / stride}, Reduce::sum);
    auto const sizes = extrapolate(sizes_with(stride), sampled, comm.size());
    out = together(comm, [&] { return choose(sizes, comm.size(), options.distribution); });
  }
  if (out.distribution != Distribution::count) {
    auto const sizes = sizes_with(1);
    out = together(comm, [&] { return choose(sizes, comm.size(), options.distribution); });
  }
  auto search = together(comm, [&] { return search_options(baskets, items, options); });
  if (out.distribution == Distribution::task) {
    merged = merge_over_ranks(comm, std::move(merged), meter);
    out.engine = std::make_unique<TaskEngine>(comm, std::move(merged), items, rows, std::move(search),
                                              progress, meter);
  } else {
    std::vector<std::uint32_t>().swap(merged);
    out.engine = std::make_unique<CountEngine>(comm, baskets, items, std::move(search), progress, meter);
  }
  return out;
}

}  // namespace tessera
