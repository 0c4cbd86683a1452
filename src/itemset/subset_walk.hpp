// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/itemset/tree.hpp"

#include <cstdint>
#include <limits>
#include <span>
#include <vector>

/// Walks over a prefix tree that know, for every itemset, the nodes of its subsets with one item less.
namespace tessera {

/// No such node.
inline constexpr std::uint64_t kNoNode = std::numeric_limits<std::uint64_t>::max();

/// The children of every node of a tree, ascending by item. 16 bytes a node.
class TreeIndex {
 public:
  /// Local. The tree outlives the index.
  explicit TreeIndex(ItemsetTree const& tree);

  /// The empty itemset, parent of the single items.
  [[nodiscard]] std::uint64_t root() const noexcept { return tree_.nodes(); }
  [[nodiscard]] std::span<std::uint64_t const> children(std::uint64_t node) const noexcept {
    return std::span(children_).subspan(first_[node], first_[node + 1] - first_[node]);
  }
  /// Local. The itemset with one later item more; kNoNode where it is not in the tree.
  [[nodiscard]] std::uint64_t child(std::uint64_t node, std::int32_t item) const noexcept;

 private:
  ItemsetTree const& tree_;
  std::vector<std::uint64_t> first_;     ///< [nodes + 2] into children_; the root is the last
  std::vector<std::uint64_t> children_;  ///< [nodes]
};

/// Local. Calls visit(path, subsets) for every itemset of at most `max_length` items, after all its subsets:
/// prefixes first, siblings from the last to the first. path[d] is the node of the first d + 1 items;
/// subsets[j] the node of the itemset without its j-th item (the root for a single one, kNoNode where it is
/// not in the tree).
template <class Visit>
void walk_subsets(ItemsetTree const& tree, TreeIndex const& index, std::uint64_t max_length, Visit&& visit) {
  struct Level {
    std::uint64_t node;
    std::size_t siblings_left;  // of the children, which are visited from the last
    std::vector<std::uint64_t> subsets;
  };
  std::vector<Level> levels;
  std::vector<std::uint64_t> path;
  std::size_t depth = 0;  // levels in use; the others keep their memory
  auto const enter = [&](std::uint64_t node) {
    if (levels.size() == depth) levels.emplace_back();
    auto& level = levels[depth];
    level.node = node;
    level.siblings_left = depth >= max_length ? 0 : index.children(node).size();
    level.subsets.clear();
    if (depth > 0) {
      auto const& above = levels[depth - 1];
      for (auto const subset : above.subsets) {
        level.subsets.push_back(subset == kNoNode ? kNoNode : index.child(subset, tree.item[node]));
      }
      level.subsets.push_back(above.node);
      path.push_back(node);
      visit(std::span<std::uint64_t const>(path), std::span<std::uint64_t const>(level.subsets));
    }
    ++depth;
  };
  enter(index.root());
  while (depth > 0) {
    auto& level = levels[depth - 1];
    if (level.siblings_left > 0) {
      enter(index.children(level.node)[--level.siblings_left]);
    } else {
      --depth;
      if (depth > 0) path.pop_back();
    }
  }
}

}  // namespace tessera
