// SPDX-License-Identifier: Apache-2.0
#include "miner.hpp"

#include "tessera/comm/agree.hpp"
#include "tessera/comm/collectives.hpp"
#include "tessera/core/narrow.hpp"

#include <numeric>
#include <string>
#include <utility>

namespace tessera {

namespace {

/// Counts that a batch aims at: enough to hide the latency of the reduction.
constexpr std::size_t kBatchCounts = 1 << 16;
/// Frequent items in the baskets of the classes of a batch, per rank: bounds the memory of opened classes.
constexpr std::int64_t kBatchCells = 1 << 22;

std::uint64_t bytes_of(PrefixClass const& prefix_class) {
  return sizeof(PrefixClass) + prefix_class.extensions.size() * sizeof(std::int32_t);
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
  root->cells = std::accumulate(items.support.begin(), items.support.end(), std::int64_t{0});
  push(std::move(root));
}

void Miner::push(std::shared_ptr<PrefixClass> opened) {
  stacked_ += bytes_of(*opened);
  stack_.push_back(std::move(opened));
}

void Miner::run(Progress& progress) {
  while (!stack_.empty()) {
    auto const& root = *stack_.front();
    if (root.length == 0) {
      progress.update(static_cast<double>(root.next), static_cast<double>(root.extensions.size()),
                      std::to_string(found_.size()) + " itemsets");
    }
    std::vector<Unit> const batch = together(comm_, [&] { return next_batch(); });
    std::optional<Error> failure;
    std::int64_t stop = 0;
    try {
      count(batch);
    } catch (std::bad_alloc const&) {
      stop = 1;
    } catch (...) {
      failure = as_error(std::current_exception());
      stop = 1;
    }
    counts_.back() = stop;
    all_reduce(comm_, std::span(counts_), Reduce::sum);
    if (counts_.back() > 0) {
      agree(comm_, failure);
      truncated_ = true;
      return;
    }
    together(comm_, [&] { expand(batch); });
  }
}

/// Takes units from the top of the stack. The same on every rank: only supports decide. The counts are made
/// room for.
std::vector<Miner::Unit> Miner::next_batch() {
  std::vector<Unit> batch;
  std::size_t counts = 0;
  std::int64_t cells = 0;
  std::int64_t const max_cells = kBatchCells * comm_.size();
  while (!stack_.empty() && counts < kBatchCounts &&
         (batch.empty() || cells + stack_.back()->cells <= max_cells)) {
    auto const prefix_class = stack_.back();
    cells += prefix_class->cells;
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
  auto room = std::span(counts_);
  for (auto const& unit : batch) {
    if (!unit.from->baskets) open(*unit.from);
    for (std::size_t a = unit.first; a < unit.last; ++a) {
      auto const pairs = unit.from->pairs_from(a);
      unit.from->baskets->count(a, room.first(pairs));
      room = room.subspan(pairs);
    }
  }
}

void Miner::open(PrefixClass& prefix_class) {
  if (prefix_class.parent) {
    prefix_class.baskets =
        prefix_class.parent->baskets->project(prefix_class.position, prefix_class.extensions, meter_);
    prefix_class.parent.reset();
  } else {
    prefix_class.baskets =
        Projection::of_baskets(baskets_, items_.rank_of, prefix_class.extensions.size(), meter_);
  }
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
  auto child = std::make_shared<PrefixClass>();
  child->first_node = found_.size();
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] < min_support_) continue;
    auto const b = a + 1 + i;
    found_.add(found_.item(parent->first_node + b), counts[i]);
    child->extensions.push_back(static_cast<std::int32_t>(b));
    child->cells += counts[i];
  }
  if (child->extensions.empty()) return;
  found_.set_children(parent->first_node + a, child->extensions.size());
  child->length = parent->length + 1;
  if (child->extensions.size() < 2 || child->length + 2 > max_length_) return;
  child->parent = parent;
  child->position = a;
  push(std::move(child));
}

}  // namespace tessera
