// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/core/key.hpp"
#include "tessera/data/placement.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

/// Rows grouped by the rank that owns their key, ready to be sent.
namespace tessera::detail {

struct Shipment {
  std::vector<std::size_t> order;     ///< [rows] destination after destination
  std::vector<std::uint64_t> counts;  ///< [ranks] rows for each
};

/// Local. Rows with the same destination keep their order.
[[nodiscard]] Shipment sort_by_owner(std::span<Key const> keys, KeyBlocks const& blocks, int ranks);

/// Local. The values at these rows.
template <class T>
[[nodiscard]] std::vector<T> gather(std::vector<T> const& values, std::vector<std::size_t> const& rows) {
  std::vector<T> out;
  out.reserve(rows.size());
  for (auto const row : rows) out.push_back(values[row]);
  return out;
}

}  // namespace tessera::detail
