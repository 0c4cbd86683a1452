// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/itemset/tree.hpp"

#include <cstdint>
#include <optional>
#include <vector>

#include "memory.hpp"

/// The prefix tree as mining finds it: the children of a node stand together, in no order otherwise.
namespace tessera {

class FoundTree {
 public:
  explicit FoundTree(MemoryMeter& meter) : charge_(meter, 0) {}

  /// Room for so many more nodes. Throws MemoryLimitReached.
  void reserve(std::size_t more);
  /// Appends a node.
  void add(std::int32_t item, std::int64_t support);
  /// The last `count` nodes are the children of `parent`.
  void set_children(std::uint64_t parent, std::size_t count);

  [[nodiscard]] std::uint64_t size() const noexcept { return item_.size(); }
  [[nodiscard]] std::int32_t item(std::uint64_t node) const noexcept { return item_[node]; }
  [[nodiscard]] std::int64_t support(std::uint64_t node) const noexcept { return support_[node]; }

  /// Appends the nodes to `tree` in depth-first order; the first `roots` nodes are those of single items.
  void write_depth_first(std::size_t roots, ItemsetTree& tree) const;

 private:
  Charge charge_;
  std::vector<std::int32_t> item_;
  std::vector<std::int64_t> support_;
  std::vector<std::uint64_t> first_child_;
  std::vector<std::uint32_t> children_;
};

}  // namespace tessera
