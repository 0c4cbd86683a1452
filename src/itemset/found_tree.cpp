// SPDX-License-Identifier: Apache-2.0
#include "found_tree.hpp"

#include "tessera/core/narrow.hpp"

#include <algorithm>

namespace tessera {

namespace {
/// A node here, and again in the ItemsetTree and the TreeIndex that are made of it.
constexpr std::uint64_t kFoundBytes = 4 + 8 + 8 + 4;
constexpr std::uint64_t kFinalBytes = (2 + 4 + 8 + 1) + 16;
}  // namespace

void FoundTree::reserve(std::size_t more) {
  std::size_t const wanted = item_.size() + more;
  std::size_t const before = item_.capacity();
  if (wanted <= before) return;
  std::size_t const capacity = std::max(wanted, before + before / 2);
  charge_.resize((before + capacity) * kFoundBytes +
                 wanted * kFinalBytes);  // both exist while the nodes move
  item_.reserve(capacity);
  support_.reserve(capacity);
  first_child_.reserve(capacity);
  children_.reserve(capacity);
  charge_.resize(capacity * (kFoundBytes + kFinalBytes));
}

void FoundTree::add(std::int32_t item, std::int64_t support) {
  item_.push_back(item);
  support_.push_back(support);
  first_child_.push_back(0);
  children_.push_back(0);
}

void FoundTree::set_children(std::uint64_t parent, std::size_t count) {
  first_child_[parent] = size() - count;
  children_[parent] = narrow<std::uint32_t>(count);
}

void FoundTree::write_depth_first(std::size_t roots, ItemsetTree& tree) const {
  tree.depth.reserve(size());
  tree.item.reserve(size());
  tree.support.reserve(size());
  struct Siblings {
    std::uint64_t next, end;
  };
  std::vector<Siblings> path{{0, roots}};
  while (!path.empty()) {
    auto& level = path.back();
    if (level.next == level.end) {
      path.pop_back();
      continue;
    }
    auto const node = level.next++;
    tree.depth.push_back(static_cast<std::uint16_t>(path.size()));
    tree.item.push_back(item_[node]);
    tree.support.push_back(support_[node]);
    if (children_[node] > 0) path.push_back({first_child_[node], first_child_[node] + children_[node]});
  }
  tree.reported.assign(tree.nodes(), 1);
}

}  // namespace tessera
