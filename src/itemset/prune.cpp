// SPDX-License-Identifier: Apache-2.0
#include "prune.hpp"

namespace tessera {

ItemsetTree prune(ItemsetTree const& tree) {
  // Backwards, a node's descendants come first: the shallowest depth that a later kept node still needs an
  // ancestor for tells whether this one is on its path.
  std::vector<std::uint8_t> keep(tree.nodes(), 0);
  std::uint16_t wanted_depth = 0;
  for (std::size_t i = tree.nodes(); i-- > 0;) {
    if (tree.reported[i] != 0 || tree.depth[i] == wanted_depth) {
      keep[i] = 1;
      wanted_depth = static_cast<std::uint16_t>(tree.depth[i] - 1);
    }
  }
  ItemsetTree out{tree.rows, tree.min_support, tree.item_name, {}, {}, {}, {}};
  for (std::size_t i = 0; i < tree.nodes(); ++i) {
    if (keep[i] == 0) continue;
    out.depth.push_back(tree.depth[i]);
    out.item.push_back(tree.item[i]);
    out.support.push_back(tree.support[i]);
    out.reported.push_back(tree.reported[i]);
  }
  return out;
}

}  // namespace tessera
