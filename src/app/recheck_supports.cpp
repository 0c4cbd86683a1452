// SPDX-License-Identifier: Apache-2.0
#include "recheck_supports.hpp"

#include "tessera/comm/agree.hpp"
#include "tessera/comm/collectives.hpp"
#include "tessera/core/narrow.hpp"

#include <algorithm>
#include <iterator>
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
    path_.resize(depth - 1);
    path_.push_back(item);
    counted_ = std::min(counted_, depth - 1);
  }

  /// Customers who hold all items of the path.
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

 private:
  std::vector<std::vector<std::uint32_t>> holders_;  // [items] local rows, ascending
  std::vector<std::size_t> path_;
  std::vector<std::vector<std::uint32_t>> rows_;  // [depth] who hold the items so far
  std::size_t counted_ = 0;                       // levels of rows_ that are of this path
};

}  // namespace

SupportRecheck recheck_supports(Communicator const& comm, ResultReader const& reader, Baskets const& baskets,
                                Sample const& sample) {
  auto const item_name = reader.read_strings("/itemsets/item_name");
  auto counter = together(comm, [&] { return PathCounter(baskets, item_name); });
  auto const shape = reader.dataset("/itemsets/depth").shape;
  if (shape.size() != 1) throw inconsistent(reader, "/itemsets/depth is no list");
  SupportRecheck out;
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
  return out;
}

}  // namespace tessera
