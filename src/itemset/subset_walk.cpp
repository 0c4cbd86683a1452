// SPDX-License-Identifier: Apache-2.0
#include "subset_walk.hpp"

#include <algorithm>

namespace tessera {

TreeIndex::TreeIndex(ItemsetTree const& tree)
    : tree_(tree), first_(tree.nodes() + 2, 0), children_(tree.nodes()) {
  std::vector<std::uint64_t> path{tree.nodes()};  // the root, then the node of each depth
  auto const for_each_edge = [&](auto&& visit) {
    for (std::uint64_t node = 0; node < tree.nodes(); ++node) {
      path.resize(tree.depth[node]);
      visit(path.back(), node);
      path.push_back(node);
    }
    path.resize(1);
  };
  // first_[parent + 1] counts, then after the prefix sum holds the end of the parent's children.
  for_each_edge([&](std::uint64_t parent, std::uint64_t) { ++first_[parent + 1]; });
  for (std::size_t i = 1; i < first_.size(); ++i) first_[i] += first_[i - 1];
  for_each_edge([&](std::uint64_t parent, std::uint64_t node) { children_[first_[parent]++] = node; });
  std::copy_backward(first_.begin(), first_.end() - 1, first_.end());
  first_[0] = 0;
}

std::uint64_t TreeIndex::child(std::uint64_t node, std::int32_t item) const noexcept {
  auto const candidates = children(node);
  auto const found =
      std::lower_bound(candidates.begin(), candidates.end(), item,
                       [&](std::uint64_t child, std::int32_t wanted) { return tree_.item[child] < wanted; });
  return found != candidates.end() && tree_.item[*found] == item ? *found : kNoNode;
}

}  // namespace tessera
