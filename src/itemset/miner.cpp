// SPDX-License-Identifier: Apache-2.0
#include "miner.hpp"

#include "tessera/comm/agree.hpp"
#include "tessera/comm/collectives.hpp"
#include "tessera/core/narrow.hpp"
#include "tessera/core/stop.hpp"

#include <algorithm>
#include <numeric>
#include <string>
#include <utility>

namespace tessera {

namespace {

/// Counts that a batch aims at: enough to hide the latency of the reduction.
constexpr std::size_t kBatchCounts = 1 << 16;
/// Bytes of the opened classes of a batch, per rank.
constexpr std::int64_t kBatchBytes = 32 << 20;

/// About what the baskets of a class take over all ranks: sparse rows, or bit columns if these are smaller.
std::int64_t projected_bytes(std::int64_t support, std::size_t extensions, std::int64_t cells) {
  return std::min(8 * cells, support * static_cast<std::int64_t>(extensions) / 8);
}

std::uint64_t bytes_of(PrefixClass const& prefix_class) {
  return sizeof(PrefixClass) + 3 * prefix_class.extensions.size() * sizeof(std::int32_t);
}

}  // namespace

Miner::Miner(Communicator const& comm, Baskets const& baskets, FrequentItems const& items,
             std::uint64_t min_support, std::uint64_t max_length, MemoryMeter& meter)
    : comm_(comm),
      baskets_(baskets),
      items_(items),
      min_support_(narrow<std::int64_t>(min_support)),
      max_length_(max_length),
      meter_(meter),
      found_(meter),
      working_(meter, 0) {
  for (std::size_t i = 0; i < items.item.size(); ++i)
    found_.add(static_cast<std::int32_t>(i), items.support[i]);
  if (items.item.size() < 2 || max_length < 2) return;
  auto root = std::make_shared<PrefixClass>();
  root->extensions.resize(items.item.size());
  std::iota(root->extensions.begin(), root->extensions.end(), 0);
  root->projected_bytes =
      projected_bytes(narrow<std::int64_t>(baskets.blocks.total_rows), root->extensions.size(),
                      std::accumulate(items.support.begin(), items.support.end(), std::int64_t{0}));
  push(std::move(root));
}

void Miner::push(std::shared_ptr<PrefixClass> opened) {
  stacked_ += bytes_of(*opened);
  stack_.push_back(std::move(opened));
}

bool Miner::run(std::uint64_t max_nodes, Progress& progress) {
  if (found_.size() > max_nodes) return false;
  auto batch = together(comm_, [&] { return next_batch(); });
  while (!batch.empty()) {
    report(progress);
    std::optional<Error> failure;
    counts_.back() = 0;
    try {
      stop_if_asked();
      count(batch);
    } catch (...) {
      failure = as_error(std::current_exception());
      counts_.back() = 1;
    }
    all_reduce(comm_, std::span(counts_), Reduce::sum);
    if (counts_.back() > 0) agree(comm_, failure);
    batch = together(comm_, [&] {
      expand(batch);
      return next_batch();
    });
    if (found_.size() > max_nodes) return false;
  }
  return true;
}

void Miner::report(Progress& progress) const {
  auto const items = static_cast<double>(items_.item.size());
  bool const root_is_open = !stack_.empty() && stack_.front()->length == 0;
  progress.update(root_is_open ? static_cast<double>(stack_.front()->next) : items, items,
                  std::to_string(found_.size()) + " itemsets");
}

/// Takes units from the top of the stack. The same on every rank: only supports decide. The counts are made
/// room for.
std::vector<Miner::Unit> Miner::next_batch() {
  std::vector<Unit> batch;
  std::size_t counts = 0;
  std::int64_t bytes = 0;
  std::int64_t const max_bytes = kBatchBytes * comm_.size();
  while (!stack_.empty() && counts < kBatchCounts &&
         (batch.empty() || bytes + stack_.back()->projected_bytes <= max_bytes)) {
    auto const prefix_class = stack_.back();
    bytes += prefix_class->projected_bytes;
    Unit unit{prefix_class, prefix_class->next, prefix_class->next};
    std::size_t const last = prefix_class->extensions.size() - 1;  // without later extensions
    while (unit.last < last &&
           (counts == 0 || counts + prefix_class->pairs_from(unit.last) <= kBatchCounts)) {
      counts += prefix_class->pairs_from(unit.last++);
    }
    if (unit.last == unit.first) break;
    prefix_class->next = unit.last;
    batch.push_back(std::move(unit));
    if (prefix_class->next < last) break;
    stacked_ -= bytes_of(*prefix_class);
    stack_.pop_back();
  }
  counts_.assign(counts + 1, 0);
  return batch;
}

/// This rank's counts. Throws when memory runs out; the counts are then worth nothing.
void Miner::count(std::vector<Unit> const& batch) {
  working_.resize(stacked_ + counts_.size() * sizeof(std::int64_t));
  found_.reserve(counts_.size());
  for (auto const& unit : batch) {
    if (!unit.from->baskets) open(*unit.from);
  }
  // Neighbours over the same baskets are counted together, so that blocks of these are read once.
  auto room = std::span(counts_);
  std::vector<ClassPairs> classes;
  for (std::size_t i = 0; i < batch.size();) {
    auto const baskets = batch[i].from->baskets;
    classes.clear();
    for (; i < batch.size() && batch[i].from->baskets == baskets; ++i) {
      auto const& [from, first, last] = batch[i];
      std::size_t pairs = 0;
      for (auto a = first; a < last; ++a) pairs += from->pairs_from(a);
      classes.push_back({from->path, from->columns, first, last, room.first(pairs)});
      room = room.subspan(pairs);
    }
    baskets->count(classes);
  }
}

void Miner::open(PrefixClass& prefix_class) {
  auto const number_columns = [&] {
    prefix_class.columns.resize(prefix_class.extensions.size());
    std::iota(prefix_class.columns.begin(), prefix_class.columns.end(), 0);
  };
  if (!prefix_class.parent) {
    prefix_class.baskets = std::make_shared<Projection const>(
        Projection::of_baskets(baskets_, items_.rank_of, prefix_class.extensions.size(), meter_));
    number_columns();
    return;
  }
  auto const& parent = *prefix_class.parent;
  auto path = parent.path;
  path.push_back(parent.columns[prefix_class.position]);
  std::vector<std::int32_t> kept;
  for (auto const extension : prefix_class.extensions)
    kept.push_back(parent.columns[static_cast<std::size_t>(extension)]);
  if (auto projected = parent.baskets->project(path, kept, meter_)) {
    prefix_class.baskets = std::make_shared<Projection const>(std::move(*projected));
    number_columns();
  } else {
    prefix_class.baskets = parent.baskets;
    prefix_class.path = std::move(path);
    prefix_class.columns = std::move(kept);
  }
  prefix_class.parent.reset();
}

void Miner::expand(std::vector<Unit> const& batch) {
  auto counts = std::span<std::int64_t const>(counts_);
  for (auto const& unit : batch) {
    for (std::size_t a = unit.first; a < unit.last; ++a) {
      auto const pairs = unit.from->pairs_from(a);
      add_children(unit.from, a, counts.first(pairs));
      counts = counts.subspan(pairs);
    }
  }
}

/// The frequent ones among the itemsets of the class' prefix, extension a and a later extension.
void Miner::add_children(std::shared_ptr<PrefixClass> const& parent, std::size_t a,
                         std::span<std::int64_t const> counts) {
  std::uint64_t const first_node = found_.size();
  std::int64_t cells = 0;
  frequent_.clear();
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] < min_support_) continue;
    auto const b = a + 1 + i;
    found_.add(found_.item(parent->first_node + b), counts[i]);
    frequent_.push_back(static_cast<std::int32_t>(b));
    cells += counts[i];
  }
  if (frequent_.empty()) return;
  std::uint64_t const node = parent->first_node + a;
  found_.set_children(node, frequent_.size());
  if (frequent_.size() < 2 || parent->length + 3 > max_length_) return;
  auto child = std::make_shared<PrefixClass>();
  child->parent = parent;
  child->position = a;
  child->extensions = frequent_;
  child->first_node = first_node;
  child->length = parent->length + 1;
  child->projected_bytes = projected_bytes(found_.support(node), frequent_.size(), cells);
  push(std::move(child));
}

}  // namespace tessera
