// SPDX-License-Identifier: Apache-2.0
#include "choose_engine.hpp"

#include "tessera/comm/agree.hpp"
#include "tessera/comm/collectives.hpp"

#include <algorithm>
#include <limits>

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

}  // namespace

ChosenEngine choose_engine(Communicator const& comm, Baskets const& baskets, FrequentItems const& items,
                           ItemsetOptions const& options, Progress& progress, MemoryMeter& meter) {
  auto const rows = baskets.blocks.total_rows;
  auto merged = together(comm, [&] {
    // Items of every basket need no cells.
    auto rank_of = items.rank_of;
    auto const alive = static_cast<std::int32_t>(alive_items(items, rows));
    for (auto& rank : rank_of) rank = rank < alive ? rank : -1;
    return merge_baskets(baskets, rank_of, meter);
  });
  ChosenEngine out;
  out.distribution = Distribution::task;
  merged = merge_over_ranks(comm, std::move(merged), meter);
  out.engine = std::make_unique<TaskEngine>(comm, std::move(merged), items, rows,
                                            search_options(baskets, items, options), progress, meter);
  return out;
}

}  // namespace tessera
