// SPDX-License-Identifier: Apache-2.0
#include "recheck_supports.hpp"

#include "tessera/comm/agree.hpp"
#include "tessera/comm/collectives.hpp"
#include "tessera/core/narrow.hpp"

#include <algorithm>
#include <iterator>
#include <numeric>
#include <span>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "inconsistent.hpp"

namespace tessera {

namespace {

/// Nodes of the tree that are read and counted between two reductions.
constexpr std::uint64_t kNodesAtATime = 1 << 18;

/// Counts this rank's customers along one path of the tree after the other.
class PathCounter {
 public:
  /// `item_name`: what the items of paths are called.
  PathCounter(Baskets const& baskets, std::vector<std::string> const& item_name)
      : holders_(item_name.size()) {
    std::unordered_map<std::string, std::size_t> number;
    for (std::size_t i = 0; i < item_name.size(); ++i) number.emplace(item_name[i], i);
    std::vector<std::size_t> number_of(baskets.item_names.size(), item_name.size());
    for (std::size_t i = 0; i < number_of.size(); ++i) {
      if (auto const found = number.find(baskets.item_names[i]); found != number.end())
        number_of[i] = found->second;
    }
    static_cast<void>(narrow<std::uint32_t>(baskets.rows()));
    for (std::size_t row = 0; row < baskets.rows(); ++row) {
      for (auto const item : baskets.basket(LocalRow{row})) {
        auto const known = number_of[static_cast<std::size_t>(item)];
        if (known < holders_.size()) holders_[known].push_back(static_cast<std::uint32_t>(row));
      }
    }
  }

  [[nodiscard]] std::size_t items() const noexcept { return holders_.size(); }
  [[nodiscard]] std::size_t depth() const noexcept { return path_.size(); }

  /// Precondition: 1 <= depth <= depth() + 1, and the item is one.
  void enter(std::size_t depth, std::size_t item) {
    if (depth <= path_.size() && path_[depth - 1] == item) {
      path_.resize(depth);
      counted_ = std::min(counted_, depth);
      return;
    }
    path_.resize(depth - 1);
    path_.push_back(item);
    counted_ = std::min(counted_, depth - 1);
  }

  /// Customers who hold all items of the path. Precondition: there is one.
  [[nodiscard]] std::uint64_t count() {
    if (rows_.size() < path_.size()) rows_.resize(path_.size());
    for (; counted_ < path_.size(); ++counted_) {
      auto& rows = rows_[counted_];
      auto const& holders = holders_[path_[counted_]];
      if (counted_ == 0) {
        rows = holders;
        continue;
      }
      auto const& before = rows_[counted_ - 1];
      rows.clear();
      std::set_intersection(before.begin(), before.end(), holders.begin(), holders.end(),
                            std::back_inserter(rows));
    }
    return rows_[path_.size() - 1].size();
  }

  /// Customers who hold all of some items.
  [[nodiscard]] std::uint64_t count(std::span<std::int32_t const> items) {
    for (std::size_t i = 0; i < items.size(); ++i) enter(i + 1, static_cast<std::size_t>(items[i]));
    return items.empty() ? 0 : count();
  }

 private:
  std::vector<std::vector<std::uint32_t>> holders_;  // [items] local rows, ascending
  std::vector<std::size_t> path_;
  std::vector<std::vector<std::uint32_t>> rows_;  // [depth] who hold the items so far
  std::size_t counted_ = 0;                       // levels of rows_ that are of this path
};

/// *Collective.*
void recheck_itemsets(Communicator const& comm, ResultReader const& reader, PathCounter& counter,
                      Sample const& sample, SupportRecheck& out) {
  auto const shape = reader.dataset("/itemsets/depth").shape;
  if (shape.size() != 1) throw inconsistent(reader, "/itemsets/depth is no list");
  for (std::uint64_t first = 0; first < shape[0]; first += kNodesAtATime) {
    RowBlocks piece;  // the same nodes on every rank: each has customers of its own to count
    piece.total_rows = shape[0];
    piece.first_row = first;
    piece.offset = {0, std::min(kNodesAtATime, shape[0] - first)};
    auto const depth = reader.read_rows<std::uint16_t>("/itemsets/depth", piece);
    auto const item = reader.read_rows<std::int32_t>("/itemsets/item", piece);
    auto const reported = reader.read_rows<std::uint8_t>("/itemsets/reported", piece);
    std::vector<std::int64_t> claimed, counted;
    auto const support = reader.read_rows<std::int64_t>("/itemsets/support", piece);
    together(comm, [&] {
      for (std::size_t i = 0; i < depth.size(); ++i) {
        if (depth[i] == 0 || depth[i] > counter.depth() + 1 || item[i] < 0 ||
            std::cmp_greater_equal(item[i], counter.items()))
          throw inconsistent(reader, "a node of /itemsets has no parent before it or no item");
        counter.enter(depth[i], static_cast<std::size_t>(item[i]));
        out.itemsets += reported[i] != 0 ? 1 : 0;
        if (reported[i] == 0 || !sample.takes_itemset(first + i)) continue;
        claimed.push_back(support[i]);
        counted.push_back(static_cast<std::int64_t>(counter.count()));
      }
    });
    all_reduce(comm, std::span(counted), Reduce::sum);
    out.checked += counted.size();
    for (std::size_t i = 0; i < counted.size(); ++i) out.differ += counted[i] == claimed[i] ? 0 : 1;
  }
}

/// One side of all rules: rule i has the items of [offset[i], offset[i + 1]).
struct RuleSide {
  std::vector<std::int64_t> offset;
  std::vector<std::int32_t> item;

  [[nodiscard]] std::span<std::int32_t const> of(std::size_t rule) const {
    auto const first = static_cast<std::size_t>(offset[rule]);
    return std::span(item).subspan(first, static_cast<std::size_t>(offset[rule + 1]) - first);
  }
};

/// *Collective.* A side that has no offsets holds one item a rule.
RuleSide read_side(ResultReader const& reader, std::string const& name, std::size_t rules,
                   std::size_t items) {
  RuleSide out{{}, reader.read<std::int32_t>("/rules/" + name + "_item")};
  if (reader.has("/rules/" + name + "_offset")) {
    out.offset = reader.read<std::int64_t>("/rules/" + name + "_offset");
  } else {
    out.offset.resize(rules + 1);
    std::iota(out.offset.begin(), out.offset.end(), std::int64_t{0});
  }
  bool const fits = out.offset.size() == rules + 1 && out.offset.front() == 0 &&
                    std::is_sorted(out.offset.begin(), out.offset.end()) &&
                    std::cmp_equal(out.offset.back(), out.item.size());
  bool const known = std::all_of(out.item.begin(), out.item.end(),
                                 [&](std::int32_t item) { return item >= 0 && std::cmp_less(item, items); });
  if (!fits || !known) throw inconsistent(reader, "the " + name + "s of /rules are no lists of items");
  return out;
}

void recheck_rules(Communicator const& comm, ResultReader const& reader, PathCounter& counter,
                   Sample const& sample, SupportRecheck& out) {
  constexpr std::size_t kCounts = 3;
  std::vector<std::int64_t> const claimed[kCounts] = {reader.read<std::int64_t>("/rules/support"),
                                                      reader.read<std::int64_t>("/rules/antecedent_support"),
                                                      reader.read<std::int64_t>("/rules/consequent_support")};
  out.rules = claimed[0].size();
  if (claimed[1].size() != out.rules || claimed[2].size() != out.rules)
    throw inconsistent(reader, "the supports of /rules are of different lengths");
  auto const antecedent = read_side(reader, "antecedent", out.rules, counter.items());
  auto const consequent = read_side(reader, "consequent", out.rules, counter.items());
  std::vector<std::size_t> chosen;
  auto counted = together(comm, [&] {
    std::vector<std::int64_t> counts;
    for (std::size_t rule = 0; rule < out.rules; ++rule) {
      if (!sample.takes_rule(rule)) continue;
      chosen.push_back(rule);
      std::vector<std::int32_t> all(antecedent.of(rule).begin(), antecedent.of(rule).end());
      all.insert(all.end(), consequent.of(rule).begin(), consequent.of(rule).end());
      for (auto const side : {std::span<std::int32_t const>(all), antecedent.of(rule), consequent.of(rule)})
        counts.push_back(static_cast<std::int64_t>(counter.count(side)));
    }
    return counts;
  });
  all_reduce(comm, std::span(counted), Reduce::sum);
  out.rules_checked = chosen.size();
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    bool same = true;
    for (std::size_t c = 0; c < kCounts; ++c)
      same = same && counted[kCounts * i + c] == claimed[c][chosen[i]];
    out.rules_differ += same ? 0 : 1;
  }
}

}  // namespace

SupportRecheck recheck_supports(Communicator const& comm, ResultReader const& reader, Baskets const& baskets,
                                Sample const& sample) {
  auto const item_name = reader.read_strings("/itemsets/item_name");
  auto counter = together(comm, [&] { return PathCounter(baskets, item_name); });
  SupportRecheck out;
  if (reader.has("/itemsets/depth")) recheck_itemsets(comm, reader, counter, sample, out);
  if (reader.has("/rules/support")) recheck_rules(comm, reader, counter, sample, out);
  return out;
}

}  // namespace tessera
