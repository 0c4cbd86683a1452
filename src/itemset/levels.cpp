// SPDX-License-Identifier: Apache-2.0
#include "levels.hpp"

#include "tessera/core/error.hpp"

#include <algorithm>

namespace tessera {

Run share_of(Communicator const& comm, std::uint64_t count) {
  auto const bound = [&](int rank) {
    return static_cast<std::uint64_t>(static_cast<unsigned __int128>(count) *
                                      static_cast<std::uint64_t>(rank) /
                                      static_cast<std::uint64_t>(comm.size()));
  };
  return {bound(comm.rank()), bound(comm.rank() + 1)};
}

Levels::Levels(ItemsetTree const& tree, std::vector<std::uint8_t> const& allowed, std::uint64_t max_length)
    : tree_(tree), allowed_(allowed), index_(tree), parent_(tree.nodes()), first_value_(tree.nodes()) {
  std::vector<std::uint64_t> path{index_.root()};
  std::vector<std::uint64_t> consequents{0};  // allowed items among the first d of the path
  for (std::uint64_t node = 0; node < tree.nodes(); ++node) {
    std::size_t const length = tree.depth[node];
    path.resize(length);
    consequents.resize(length);
    parent_[node] = path.back();
    path.push_back(node);
    consequents.push_back(consequents.back() + (is_allowed(node) ? 1 : 0));
    if (length > max_length) continue;
    if (length > nodes_.size()) {
      nodes_.emplace_back();
      values_.push_back(0);
    }
    nodes_[length - 1].push_back(node);
    first_value_[node] = values_[length - 1];
    values_[length - 1] += consequents.back();
  }
}

std::uint64_t Levels::candidates() const noexcept {
  std::uint64_t sum = 0;
  for (std::size_t level = 1; level < values_.size(); ++level) sum += values_[level];
  return sum;
}

void Levels::items_of(std::uint64_t node, std::vector<std::int32_t>& out) const {
  out.clear();
  for (; node != index_.root(); node = parent_[node]) out.push_back(tree_.item[node]);
  std::reverse(out.begin(), out.end());
}

Levels::Cursor::Cursor(Levels const& levels, std::size_t length)
    : levels_(levels), path_(length, kNoNode), subsets_(length), ahead_(length) {}

void Levels::Cursor::go_to(std::uint64_t node) {
  std::size_t depth = path_.size();  // of the deepest node that stays
  for (; depth > 0 && path_[depth - 1] != node; node = levels_.parent_[node]) path_[--depth] = node;
  for (; depth < path_.size(); ++depth) enter(depth);
}

void Levels::Cursor::enter(std::size_t depth) {
  auto const& tree = levels_.tree_;
  auto const item = tree.item[path_[depth]];
  auto& subsets = subsets_[depth];
  subsets.clear();
  bool const last = depth + 1 == path_.size();
  bool const all_there = [&] {
    for (std::size_t j = 0; j < depth; ++j) {
      // Siblings at the end of the path come in ascending order, so the search goes on where it was.
      auto& ahead = ahead_[j];
      if (!last) {
        subsets.push_back(levels_.index_.child(subsets_[depth - 1][j], item));
      } else {
        while (!ahead.empty() && tree.item[ahead.front()] < item) ahead = ahead.subspan(1);
        bool const found = !ahead.empty() && tree.item[ahead.front()] == item;
        subsets.push_back(found ? ahead.front() : kNoNode);
      }
      if (subsets.back() == kNoNode) return false;
    }
    return true;
  }();
  if (!all_there) throw BugError("an itemset without one of its subsets: rules need all of them");
  subsets.push_back(depth == 0 ? levels_.index_.root() : path_[depth - 1]);
  if (depth + 2 == path_.size()) {
    for (std::size_t j = 0; j <= depth; ++j) ahead_[j] = levels_.index_.children(subsets[j]);
  }
}

}  // namespace tessera
