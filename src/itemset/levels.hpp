// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/comm/communicator.hpp"
#include "tessera/itemset/tree.hpp"

#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "subset_walk.hpp"

/// The itemsets of a tree by their length. What depends only on subsets with one item less can be computed
/// level by level, each rank for its share of a level.
namespace tessera {

struct Run {
  std::uint64_t first, last;
};

/// Local. The part of `count` numbered things that a rank works on: runs in rank order, as equal as may be.
[[nodiscard]] Run share_of(Communicator const& comm, std::uint64_t count);

/// Where itemsets keep values for those of their items that may be a consequent: an itemset's values stand
/// together, in the order of its items, in an array of its level.
class Levels {
 public:
  /// Local. Of the itemsets of at most `max_length` items; `allowed`: [item_name] may it be a consequent?
  /// The references outlive this. 40 bytes a node.
  Levels(ItemsetTree const& tree, std::vector<std::uint8_t> const& allowed, std::uint64_t max_length);

  [[nodiscard]] TreeIndex const& index() const noexcept { return index_; }
  [[nodiscard]] std::size_t longest() const noexcept { return nodes_.size(); }
  /// Nodes of the itemsets with `length` items, ascending.
  [[nodiscard]] std::span<std::uint64_t const> nodes(std::size_t length) const noexcept {
    return nodes_[length - 1];
  }
  /// Values of a level.
  [[nodiscard]] std::uint64_t values(std::size_t length) const noexcept { return values_[length - 1]; }
  /// First value of an itemset.
  [[nodiscard]] std::uint64_t first_value(std::uint64_t node) const noexcept { return first_value_[node]; }
  [[nodiscard]] bool is_allowed(std::uint64_t node) const noexcept {
    return allowed_[static_cast<std::size_t>(tree_.item[node])] != 0;
  }
  /// Rules A -> c with A + c in the tree: values of the levels from 2 on.
  [[nodiscard]] std::uint64_t candidates() const noexcept;

  /// Local. The items of an itemset, ascending.
  void items_of(std::uint64_t node, std::vector<std::int32_t>& out) const;

  /// Local. Calls visit(path, subsets) for the itemsets [first, last) of a level. path[d] is the node of the
  /// first d + 1 items, subsets[j] that of the itemset without its j-th item (the root for a single one).
  /// Throws BugError where one is not in the tree.
  template <class Visit>
  void walk(std::size_t length, Run share, Visit&& visit) const {
    Cursor cursor(*this, length);
    for (auto i = share.first; i < share.last; ++i) {
      cursor.go_to(nodes_[length - 1][i]);
      visit(cursor.path(), cursor.subsets());
    }
  }

  /// Local. The candidates A -> c whose itemset A + c has `length` items: calls visit(path, subsets, c,
  /// before) for this rank's share of them, where c is the consequent's position and `before` the number of
  /// possible consequents that stand before it.
  template <class Visit>
  void walk_rules(Communicator const& comm, std::size_t length, Visit&& visit) const {
    walk(length, share_of(comm, nodes(length).size()),
         [&](std::span<std::uint64_t const> path, std::span<std::uint64_t const> subsets) {
           std::size_t before = 0;
           for (std::size_t c = 0; c < path.size(); ++c) {
             if (is_allowed(path[c])) visit(path, subsets, c, before++);
           }
         });
  }

 private:
  /// Goes from itemset to itemset of one level; what two neighbours share is not looked up again.
  class Cursor {
   public:
    Cursor(Levels const& levels, std::size_t length);
    void go_to(std::uint64_t node);
    [[nodiscard]] std::span<std::uint64_t const> path() const noexcept { return path_; }
    [[nodiscard]] std::span<std::uint64_t const> subsets() const noexcept { return subsets_.back(); }

   private:
    void enter(std::size_t depth);

    Levels const& levels_;
    std::vector<std::uint64_t> path_;
    std::vector<std::vector<std::uint64_t>> subsets_;    ///< [length] of each node of the path
    std::vector<std::span<std::uint64_t const>> ahead_;  ///< children of the prefix' subsets not passed yet
  };

  ItemsetTree const& tree_;
  std::vector<std::uint8_t> const& allowed_;
  TreeIndex index_;
  std::vector<std::uint64_t> parent_;              ///< [nodes]
  std::vector<std::uint64_t> first_value_;         ///< [nodes]
  std::vector<std::vector<std::uint64_t>> nodes_;  ///< [longest]
  std::vector<std::uint64_t> values_;              ///< [longest]
};

}  // namespace tessera
