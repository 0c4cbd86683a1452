// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace tessera {

/// Itemsets as a prefix tree in depth-first order: node i adds item[i] to its ancestor at depth[i] - 1 (the
/// nearest earlier node of that depth). The canonical order of items is ascending by support over the whole
/// base, ties by their order in Baskets::item_names; `item_name` is in this order, and items along a path
/// ascend.
struct ItemsetTree {
  std::uint64_t rows = 0;              ///< baskets over all ranks
  std::uint64_t min_support = 0;       ///< as a count
  std::vector<std::string> item_name;  ///< frequent items in canonical order
  std::vector<std::uint16_t> depth;    ///< [nodes] length of the itemset
  std::vector<std::int32_t> item;      ///< [nodes] index into item_name
  std::vector<std::int64_t> support;   ///< [nodes] baskets that hold the itemset
  std::vector<std::uint8_t>
      reported;  ///< [nodes] 0: an inner node that is no result itself (closed, maximal)

  [[nodiscard]] std::size_t nodes() const noexcept { return item.size(); }
};

}  // namespace tessera
