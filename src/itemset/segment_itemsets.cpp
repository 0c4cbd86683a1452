// SPDX-License-Identifier: Apache-2.0
#include "tessera/itemset/segment_itemsets.hpp"

#include "tessera/comm/agree.hpp"
#include "tessera/comm/collectives.hpp"
#include "tessera/core/narrow.hpp"
#include "tessera/itemset/mine.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

#include "mining_checks.hpp"
#include "segment_columns.hpp"
#include <fmt/format.h>

namespace tessera {

namespace {

/// The support of every item in every segment, [item_names, segments].
std::vector<std::int64_t> count_items(Baskets const& baskets, std::span<std::int32_t const> segment,
                                      std::size_t segments) {
  std::vector<std::int64_t> counts(baskets.item_names.size() * segments, 0);
  for (std::size_t r = 0; r < baskets.rows(); ++r) {
    for (auto const item : baskets.basket(LocalRow{r}))
      ++counts[static_cast<std::size_t>(item) * segments + static_cast<std::size_t>(segment[r])];
  }
  return counts;
}

/// Looks through the itemsets level by level. All ranks do the same on their own customers; counts are added
/// batch by batch. Nodes of equal prefix stand together, ascending.
class SegmentSearch {
 public:
  SegmentSearch(Communicator const& comm, std::vector<std::int64_t> const& min_support,
                Parents const& parents, SegmentColumns const& columns, MemoryMeter& meter)
      : comm_(comm), min_support_(min_support), parents_(parents), columns_(columns), charge_(meter, 0) {}

  [[nodiscard]] bool is_frequent(std::int64_t const* support) const {
    for (std::size_t s = 0; s < segments(); ++s) {
      if (support[s] >= min_support_[s]) return true;
    }
    return false;
  }

  void add(std::int32_t item, std::int64_t const* support) {
    item_.push_back(item);
    support_.insert(support_.end(), support, support + segments());
    first_child_.push_back(0);
    children_.push_back(0);
  }

  /// *Collective.* From the single items, which are there, to this length.
  void run(std::uint64_t max_length) {
    roots_ = item_.size();
    std::vector<Class> level{{{}, 0, roots_}};
    for (std::uint64_t length = 2; length <= max_length && !level.empty(); ++length) {
      std::vector<Class> next;
      std::size_t at = 0, row = 0;
      while (at < level.size()) expand(next_batch(level, at, row), next);
      level = std::move(next);
    }
  }

  void write(SegmentItemsets& out) const {
    struct Siblings {
      std::uint64_t next, end;
    };
    std::vector<Siblings> path{{0, roots_}};
    out.support.reserve(support_.size());
    while (!path.empty()) {
      auto& siblings = path.back();
      if (siblings.next == siblings.end) {
        path.pop_back();
        continue;
      }
      auto const node = siblings.next++;
      auto const* const support = support_.data() + node * segments();
      out.tree.depth.push_back(static_cast<std::uint16_t>(path.size()));
      out.tree.item.push_back(item_[node]);
      out.tree.support.push_back(std::accumulate(support, support + segments(), std::int64_t{0}));
      out.support.insert(out.support.end(), support, support + segments());
      if (children_[node] > 0) path.push_back({first_child_[node], first_child_[node] + children_[node]});
    }
    out.tree.reported.assign(out.tree.nodes(), 1);
  }

 private:
  static constexpr std::uint64_t kBatchBytes = std::uint64_t{1} << 26;  // of counts

  /// The itemsets of a prefix and one of the nodes [first, last).
  struct Class {
    std::vector<std::int32_t> prefix;
    std::uint64_t first, last;
  };
  /// Members [begin, end) of a class, each to be paired with those after it.
  struct Unit {
    Class const* of;
    std::size_t begin, end;
    std::size_t counts;  ///< place of the first count

    [[nodiscard]] std::size_t members() const noexcept { return of->last - of->first; }
  };

  [[nodiscard]] std::size_t segments() const noexcept { return min_support_.size(); }
  [[nodiscard]] bool may_not_meet(std::int32_t a, std::int32_t b) const noexcept {
    return !parents_.empty() && are_related(parents_, a, b);
  }

  /// Local. From member `row` of class `at` on; both are moved to where the next batch begins.
  std::vector<Unit> next_batch(std::vector<Class> const& level, std::size_t& at, std::size_t& row) const {
    std::vector<Unit> batch;
    std::size_t const most = kBatchBytes / sizeof(std::int64_t);
    std::size_t counts = 0;
    for (; at < level.size() && counts < most; ++at, row = 0) {
      std::size_t const members = level[at].last - level[at].first;
      Unit unit{&level[at], row, row, counts};
      while (row + 1 < members && (counts == unit.counts || counts < most))
        counts += (members - 1 - row++) * segments();
      unit.end = row;
      if (unit.end > unit.begin) batch.push_back(unit);
      if (row + 1 < members) break;
    }
    return batch;
  }

  /// *Collective.* Counts the pairs of a batch and adds the frequent ones, each a child of its first member.
  void expand(std::vector<Unit> const& batch, std::vector<Class>& next) {
    auto counts = together(comm_, [&] {
      std::size_t size = 0;
      for (auto const& unit : batch) size = unit.counts + pairs(unit) * segments();
      std::vector<std::int64_t> local(size, 0);
      for (auto const& tile : columns_.tiles()) {
        for (auto const& unit : batch) count(tile, unit, local.data() + unit.counts + tile.segment);
      }
      return local;
    });
    all_reduce(comm_, std::span(counts), Reduce::sum);
    together(comm_, [&] {
      for (auto const& unit : batch) add_children(unit, counts.data() + unit.counts, next);
    });
  }

  static std::size_t pairs(Unit const& unit) {
    std::size_t sum = 0;
    for (auto a = unit.begin; a < unit.end; ++a) sum += unit.members() - 1 - a;
    return sum;
  }

  /// Adds a tile's counts of a unit's pairs to every segments()-th of `counts`.
  void count(SegmentColumns::Tile const& tile, Unit const& unit, std::int64_t* counts) {
    // The class' customers who hold the prefix and each member, from the first member of the unit on.
    std::size_t const members = unit.members() - unit.begin, words = tile.words;
    prefix_.resize(words);
    held_.resize(members * words);
    bool first = true;
    for (auto const item : unit.of->prefix) {
      auto const column = columns_.column(tile, item);
      if (first) std::copy(column.begin(), column.end(), prefix_.begin());
      if (!first) {
        narrowed_.resize(words);
        kernel::intersect(prefix_, column, narrowed_);
        std::swap(prefix_, narrowed_);
      }
      first = false;
    }
    for (std::size_t m = 0; m < members; ++m) {
      auto const column = columns_.column(tile, item_[unit.of->first + unit.begin + m]);
      auto const into = std::span(held_).subspan(m * words, words);
      if (first) std::copy(column.begin(), column.end(), into.begin());
      if (!first) kernel::intersect(prefix_, column, into);
    }
    pair_counts_.resize(members);
    for (std::size_t m = 0; m < unit.end - unit.begin; ++m) {
      std::size_t const later = members - 1 - m;
      auto const found = std::span(pair_counts_).first(later);
      kernel::intersection_counts(std::span(held_).subspan(m * words, words),
                                  std::span(held_).subspan((m + 1) * words), found);
      for (auto const value : found) {
        *counts += value;
        counts += segments();
      }
    }
  }

  void add_children(Unit const& unit, std::int64_t const* counts, std::vector<Class>& next) {
    for (auto a = unit.begin; a < unit.end; ++a) {
      auto const node = unit.of->first + a, first = std::uint64_t{item_.size()};
      for (auto b = a + 1; b < unit.members(); ++b, counts += segments()) {
        if (!is_frequent(counts) || may_not_meet(item_[node], item_[unit.of->first + b])) continue;
        add(item_[unit.of->first + b], counts);
      }
      if (item_.size() == first) continue;
      first_child_[node] = first;
      children_[node] = item_.size() - first;
      charge_.resize(item_.size() * (32 * segments() + 96));  // twice while vectors grow, and as the result
      if (children_[node] < 2) continue;
      auto prefix = unit.of->prefix;
      prefix.push_back(item_[node]);
      next.push_back({std::move(prefix), first, item_.size()});
    }
  }

  Communicator const& comm_;
  std::vector<std::int64_t> const& min_support_;
  Parents const& parents_;
  SegmentColumns const& columns_;
  Charge charge_;
  std::uint64_t roots_ = 0;
  std::vector<std::int32_t> item_;
  std::vector<std::int64_t> support_;  ///< [nodes, segments]
  std::vector<std::uint64_t> first_child_, children_;
  kernel::BitWords prefix_, narrowed_, held_;
  std::vector<std::int64_t> pair_counts_;
};

/// [segments] in proportion to `min_support` of all baskets.
std::vector<std::int64_t> minimum_of_segments(std::vector<std::int64_t> const& size,
                                              std::uint64_t min_support, std::uint64_t rows) {
  std::vector<std::int64_t> out;
  for (auto const baskets : size) {
    auto const share = static_cast<unsigned __int128>(min_support) * static_cast<std::uint64_t>(baskets);
    out.push_back(std::max<std::int64_t>(1, static_cast<std::int64_t>((share + rows - 1) / rows)));
  }
  return out;
}

/// The nearest ancestor of each of `items` that is one of them, numbered by rank_of.
Parents parents_among(Parents const& parents, std::vector<std::int32_t> const& items,
                      std::vector<std::int32_t> const& rank_of) {
  Parents out;
  for (auto const item : items) {
    auto above = parents[static_cast<std::size_t>(item)];
    while (above != kNoParent && rank_of[static_cast<std::size_t>(above)] < 0)
      above = parents[static_cast<std::size_t>(above)];
    out.push_back(above == kNoParent ? kNoParent : rank_of[static_cast<std::size_t>(above)]);
  }
  return out;
}

}  // namespace

SegmentItemsets mine_segments(Communicator const& comm, Baskets const& baskets,
                              std::span<std::int32_t const> segment, std::uint64_t segments,
                              SegmentItemsetOptions const& options) {
  SegmentItemsets out;
  auto const rows = baskets.blocks.total_rows;
  ItemsetOptions const as_options{.min_support = options.min_support,
                                  .max_length = options.max_length,
                                  .may_contain = options.may_contain};
  auto const min_support = std::max<std::uint64_t>(1, options.min_support.count_of(rows));
  check_mining(baskets, as_options, min_support);
  auto const allowed = allowed_items(baskets, as_options);

  auto counts = together(comm, [&] {
    out.size.assign(segments, 0);
    for (auto const s : segment) ++out.size[static_cast<std::size_t>(s)];
    return count_items(baskets, segment, segments);
  });
  all_reduce(comm, std::span(out.size), Reduce::sum);
  all_reduce(comm, std::span(counts), Reduce::sum);
  out.min_support = minimum_of_segments(out.size, min_support, rows);
  out.tree.rows = rows;
  out.tree.min_support = min_support;

  MemoryMeter meter(options.max_memory);
  std::vector<std::int32_t> items, rank_of(baskets.item_names.size(), -1);
  auto const of_item = [&](std::int32_t item) {
    return counts.data() + static_cast<std::size_t>(item) * segments;
  };
  auto const is_frequent = [&](std::int32_t item) {
    for (std::size_t s = 0; s < segments; ++s) {
      if (of_item(item)[s] >= out.min_support[s]) return true;
    }
    return false;
  };
  for (std::int32_t item = 0; item < narrow<std::int32_t>(baskets.item_names.size()); ++item) {
    bool const may_be = allowed.empty() || allowed[static_cast<std::size_t>(item)] != 0;
    if (may_be && is_frequent(item)) items.push_back(item);
  }
  auto const total = [&](std::int32_t item) {
    return std::accumulate(of_item(item), of_item(item) + segments, std::int64_t{0});
  };
  std::stable_sort(items.begin(), items.end(),
                   [&](std::int32_t a, std::int32_t b) { return total(a) < total(b); });
  for (std::size_t i = 0; i < items.size(); ++i) {
    rank_of[static_cast<std::size_t>(items[i])] = static_cast<std::int32_t>(i);
    out.tree.item_name.push_back(baskets.item_names[static_cast<std::size_t>(items[i])]);
  }
  if (!options.parents.empty()) out.parents = parents_among(options.parents, items, rank_of);
  auto const columns = together(
      comm, [&] { return SegmentColumns(baskets, segment, segments, rank_of, items.size(), meter); });
  SegmentSearch search(comm, out.min_support, out.parents, columns, meter);
  for (std::size_t i = 0; i < items.size(); ++i) search.add(static_cast<std::int32_t>(i), of_item(items[i]));
  search.run(options.max_length);
  together(comm, [&] { search.write(out); });
  return out;
}

BaseItemsets frequent_in_base(SegmentItemsets const& itemsets) {
  auto const& tree = itemsets.tree;
  auto const is_frequent = [&](std::uint64_t node) {
    return std::cmp_greater_equal(tree.support[node], tree.min_support);
  };
  BaseItemsets result;
  auto& out = result.tree;
  out.rows = tree.rows;
  out.min_support = tree.min_support;
  std::int32_t infrequent = 0;  // items; they come first
  for (std::uint64_t node = 0; node < tree.nodes(); ++node) {
    if (tree.depth[node] == 1 && !is_frequent(node)) ++infrequent;
    if (!is_frequent(node)) continue;
    out.depth.push_back(tree.depth[node]);
    out.item.push_back(tree.item[node] - infrequent);
    out.support.push_back(tree.support[node]);
  }
  out.item_name.assign(tree.item_name.begin() + infrequent, tree.item_name.end());
  out.reported.assign(out.nodes(), 1);
  for (std::size_t i = static_cast<std::size_t>(infrequent); i < itemsets.parents.size(); ++i) {
    auto const parent = itemsets.parents[i];  // in at least as many baskets: frequent too
    result.parents.push_back(parent == kNoParent ? kNoParent : parent - infrequent);
  }
  return result;
}

}  // namespace tessera
