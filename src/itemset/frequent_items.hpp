// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/comm/communicator.hpp"
#include "tessera/data/baskets.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace tessera {

/// The frequent items in canonical order: ascending by support over all ranks, ties by index.
struct FrequentItems {
  std::vector<std::int32_t> item;     ///< index into Baskets::item_names
  std::vector<std::int64_t> support;  ///< [item]
  std::vector<std::int32_t> rank_of;  ///< [item_names] canonical index; -1: not frequent
};

/// Local. Items that are not in every basket; in canonical order they come first.
[[nodiscard]] std::size_t alive_items(FrequentItems const& items, std::uint64_t rows);

/// Local. The first item of at least this support.
[[nodiscard]] std::size_t first_frequent(FrequentItems const& items, std::uint64_t min_support);

/// *Collective.* Of the items with allowed[item] != 0; empty: of all.
[[nodiscard]] FrequentItems frequent_items(Communicator const& comm, Baskets const& baskets,
                                           std::uint64_t min_support,
                                           std::span<std::uint8_t const> allowed = {});

}  // namespace tessera
