// SPDX-License-Identifier: Apache-2.0
#include "task_engine.hpp"

#include "tessera/comm/agree.hpp"
#include "tessera/comm/collectives.hpp"
#include "tessera/comm/work_queue.hpp"
#include "tessera/core/stop.hpp"

#include <algorithm>
#include <limits>
#include <numeric>
#include <string>

#include <fmt/format.h>

namespace tessera {

namespace {

/// Nodes kept between counting and finding, so that what is slow to mine and quick to hold is mined once.
constexpr std::uint64_t kMaxKeptBytes = std::uint64_t{256} << 20;
constexpr std::size_t kMaxUnits = 4096;

std::span<std::uint32_t> words_of(NodeMemory const& memory) {
  auto const bytes = memory.bytes();
  return {reinterpret_cast<std::uint32_t*>(bytes.data()), bytes.size() / sizeof(std::uint32_t)};
}

/// The heavy units first, so that no rank is left with one at the end.
std::vector<std::size_t> by_weight(std::vector<std::uint64_t> const& weight) {
  std::vector<std::size_t> order(weight.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return weight[a] > weight[b]; });
  return order;
}

}  // namespace

Units make_units(std::span<std::int64_t const> supports, std::size_t begin) {
  Units out;
  std::int64_t total = 0;
  for (std::size_t i = begin; i < supports.size(); ++i) total += supports[i];
  auto const share = total / static_cast<std::int64_t>(kMaxUnits) + 1;
  std::int64_t sum = 0;
  for (std::size_t i = begin; i < supports.size(); ++i) {
    if (sum == 0) out.first.push_back(static_cast<std::int32_t>(i));
    sum += supports[i];
    if (sum >= share) sum = 0;
  }
  out.first.push_back(static_cast<std::int32_t>(supports.size()));
  return out;
}

TaskEngine::TaskEngine(Communicator const& comm, std::vector<std::uint32_t> merged,
                       FrequentItems const& items, std::uint64_t rows, SearchOptions options,
                       Progress& progress, MemoryMeter& meter)
    : comm_(comm),
      items_(items),
      supports_(items.support),
      progress_(progress),
      meter_(meter),
      options_(std::move(options)),
      buffer_(meter),
      shared_(meter, 0) {
  cells_.emplace(gather_on_nodes(comm, merged));
  std::vector<std::uint32_t>().swap(merged);
  auto const share = static_cast<std::uint64_t>(ranks_per_node(comm));
  together(comm, [&] { shared_.resize(cells_->bytes().size() / share); });
  root_.rows = rows;
  root_.supports = items.support;
  root_.alive = alive_items(items, rows);
  root_.cells = words_of(*cells_);
  if (root_.alive <= 64) return;  // the search makes its own words
  first_.emplace(comm, (root_.alive + 1) * sizeof(std::uint32_t));
  std::uint64_t places = 0;
  for (std::size_t i = 0; i < root_.cells.size(); ++i) places += cell::is_end(root_.cells[i]) ? 0 : 1;
  where_.emplace(comm, places * sizeof(std::uint32_t));
  if (first_->is_writer()) index_cells(root_.cells, words_of(*first_), words_of(*where_));
  first_->publish();
  where_->publish();
  together(comm, [&] {
    shared_.resize((cells_->bytes().size() + first_->bytes().size() + where_->bytes().size()) / share);
  });
  root_.first = words_of(*first_);
  root_.where = words_of(*where_);
}

void TaskEngine::tell(std::size_t done) {
  progress_.update(static_cast<double>(done), static_cast<double>(units_.size()),
                   fmt::format("{} classes", done));
}

void TaskEngine::search_unit(ClassSearch& search, std::size_t unit) const {
  for (auto item = units_.first[unit + 1]; item-- > units_.first[unit];) search.find(item);
}

/// Small units are listed at once and kept; of others only the number of nodes is wanted, which is quicker to
/// know where every subset of a frequent itemset counts.
void TaskEngine::count_unit(ClassSearch& search, std::size_t unit, std::uint64_t limit, UnitCounts& counts) {
  struct Overflow {};
  bool const by_total = search.can_total();
  bool full = kept_bytes_ >= max_kept_bytes_;
  if (!full || !by_total) {
    try {
      auto const mode = max_kept_bytes_ > 0 ? NodeBuffer::Mode::list : NodeBuffer::Mode::count;
      buffer_.start(mode, limit, [&](Nodes const&) {
        full = true;
        if (by_total) throw Overflow();
      });
      search_unit(search, unit);
      if (!full) keep(unit);
      counts.nodes[unit] = buffer_.nodes();
      counts.reported[unit] = buffer_.reported();
      return;
    } catch (Overflow const&) {
      // Counted again, below.
    }
  }
  buffer_.start(NodeBuffer::Mode::total, limit, {});
  search_unit(search, unit);
  counts.nodes[unit] = buffer_.nodes();
  counts.reported[unit] = buffer_.reported();
}

void TaskEngine::keep(std::size_t unit) {
  auto const nodes = buffer_.held();
  std::uint64_t const bytes = nodes.size() * (2 + 4 + 8 + 1) + sizeof(Kept);
  if (kept_bytes_ + bytes > max_kept_bytes_ || bytes > meter_.room()) return;
  kept_bytes_ += bytes;
  kept_.emplace(unit, Kept{Charge(meter_, bytes),
                           {nodes.depth.begin(), nodes.depth.end()},
                           {nodes.item.begin(), nodes.item.end()},
                           {nodes.support.begin(), nodes.support.end()},
                           {nodes.reported.begin(), nodes.reported.end()}});
}

std::optional<UnitCounts> TaskEngine::count(std::uint64_t min_support, std::uint64_t limit, Keep keep) {
  kept_.clear();
  kept_bytes_ = 0;
  max_kept_bytes_ = keep == Keep::nothing ? 0 : std::min(kMaxKeptBytes, meter_.room() / 4);
  begin_ = first_frequent(items_, min_support);
  units_ = make_units(supports_, begin_);
  options_.min_support = static_cast<std::uint32_t>(
      std::min<std::uint64_t>(min_support, std::numeric_limits<std::uint32_t>::max()));
  counts_.nodes.assign(units_.size(), 0);
  counts_.reported.assign(units_.size(), 0);
  std::vector<std::uint64_t> weight(units_.size());
  for (std::size_t u = 0; u < weight.size(); ++u) {
    auto const item = static_cast<std::size_t>(units_.first[u]);
    weight[u] = static_cast<std::uint64_t>(supports_[item]) * (supports_.size() - item);
  }
  auto const order = by_weight(weight);

  WorkQueue queue(comm_, units_.size());
  std::uint64_t found = 0, too_many = 0;
  std::optional<Error> failure;
  try {
    ClassSearch search(root_, options_, buffer_, meter_);
    while (auto const next = queue.next()) {
      stop_if_asked();
      count_unit(search, order[*next], limit - found, counts_);
      found += counts_.reported[order[*next]];
      tell(*next + 1);
    }
  } catch (NodeBuffer::TooMany const&) {
    too_many = 1;
    queue.stop();
  } catch (...) {
    failure = as_error(std::current_exception());
    queue.stop();
  }
  agree(comm_, failure);
  if (all_reduce(comm_, too_many, Reduce::maximum) > 0) return std::nullopt;
  all_reduce(comm_, std::span(counts_.nodes), Reduce::sum);
  all_reduce(comm_, std::span(counts_.reported), Reduce::sum);
  if (std::accumulate(counts_.reported.begin(), counts_.reported.end(), std::uint64_t{0}) > limit)
    return std::nullopt;
  return counts_;
}

void TaskEngine::find(Sink const& sink) {
  std::vector<std::uint8_t> is_kept(units_.size(), 0);
  for (auto const& [unit, nodes] : kept_) is_kept[unit] = 1;
  all_reduce(comm_, std::span(is_kept), Reduce::maximum);
  auto weight = counts_.nodes;
  std::size_t left = 0;
  for (std::size_t u = 0; u < weight.size(); ++u) {
    if (is_kept[u] != 0) weight[u] = 0;
    left += weight[u] > 0 ? 1 : 0;
  }
  auto const order = by_weight(weight);
  auto const renumber = static_cast<std::int32_t>(begin_);
  WorkQueue queue(comm_, left);
  std::vector<std::int32_t> items;
  auto const hand_on = [&](std::size_t unit, std::uint64_t first, Nodes nodes) {
    if (renumber > 0) {
      items.assign(nodes.item.begin(), nodes.item.end());
      for (auto& item : items) item -= renumber;
      nodes.item = items;
    }
    sink(unit, first, nodes);
  };
  together(comm_, [&] {
    for (auto const& [unit, nodes] : kept_)
      hand_on(unit, 0, {nodes.depth, nodes.item, nodes.support, nodes.reported});
    kept_.clear();
    ClassSearch search(root_, options_, buffer_, meter_);
    while (auto const next = queue.next()) {
      if (stop_requested()) queue.stop();
      stop_if_asked();
      auto const unit = order[*next];
      auto end = counts_.nodes[unit];
      buffer_.start(NodeBuffer::Mode::list, NodeBuffer::kMany, [&](Nodes const& nodes) {
        end -= nodes.size();
        hand_on(unit, end, nodes);
      });
      search_unit(search, unit);
      buffer_.finish();
      if (end != 0) throw BugError("a class has other itemsets than were counted");
      tell(*next + 1);
    }
  });
}

std::vector<std::uint32_t> merge_over_ranks(Communicator const& comm, std::vector<std::uint32_t> merged,
                                            MemoryMeter& meter) {
  if (comm.size() == 1) return merged;
  auto const ranks = static_cast<std::size_t>(comm.size());
  std::vector<std::uint64_t> counts(ranks, 0);
  auto const for_each_row = [](std::span<std::uint32_t const> cells, auto&& visit) {
    for (std::size_t start = 1; start < cells.size();) {
      auto end = start;
      while (!cell::is_end(cells[end])) ++end;
      if (end > start) visit(cells.subspan(start, end - start), cells[end]);
      start = end + 1;
    }
  };
  auto const outgoing = together(comm, [&] {
    auto const rank_of = [&](std::span<std::uint32_t const> row) { return hash_of(row) % ranks; };
    for_each_row(merged, [&](auto row, std::uint32_t) { counts[rank_of(row)] += row.size() + 1; });
    std::vector<std::uint64_t> next(ranks, 0);
    for (std::size_t r = 1; r < ranks; ++r) next[r] = next[r - 1] + counts[r - 1];
    std::vector<std::uint32_t> out(std::accumulate(counts.begin(), counts.end(), std::uint64_t{0}));
    for_each_row(merged, [&](auto row, std::uint32_t end) {
      auto& at = next[rank_of(row)];
      std::copy(row.begin(), row.end(), out.begin() + static_cast<std::ptrdiff_t>(at));
      at += row.size();
      out[at++] = end;
    });
    std::vector<std::uint32_t>().swap(merged);
    return out;
  });
  auto incoming = all_to_all(comm, std::span<std::uint32_t const>(outgoing), counts).values;
  return together(comm, [&] {
    incoming.insert(incoming.begin(), cell::kEnd);
    RowMerger merger(meter);
    for_each_row(incoming, [&](auto row, std::uint32_t end) { merger.add(row, cell::weight(end)); });
    return std::move(merger).cells();
  });
}

}  // namespace tessera
