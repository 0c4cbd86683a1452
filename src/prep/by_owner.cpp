// SPDX-License-Identifier: Apache-2.0
#include "by_owner.hpp"

namespace tessera::detail {

Shipment sort_by_owner(std::span<Key const> keys, KeyBlocks const& blocks, int ranks) {
  Placement const placement(blocks.count(), ranks);
  Shipment out;
  out.counts.assign(static_cast<std::size_t>(ranks), 0);
  std::vector<int> owner;
  owner.reserve(keys.size());
  for (auto const& key : keys) {
    owner.push_back(placement.rank_of(blocks.of(key)));
    ++out.counts[static_cast<std::size_t>(owner.back())];
  }
  std::vector<std::size_t> next(out.counts.size(), 0);
  for (std::size_t r = 1; r < next.size(); ++r) next[r] = next[r - 1] + out.counts[r - 1];
  out.order.resize(keys.size());
  for (std::size_t row = 0; row < keys.size(); ++row)
    out.order[next[static_cast<std::size_t>(owner[row])]++] = row;
  return out;
}

}  // namespace tessera::detail
