// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "prepared.hpp"

/// What a search of one rank starts from. Views: the arrays may be those of all ranks of a node.
namespace tessera {

struct RootRows {
  std::uint64_t rows = 0;                  ///< baskets, empty ones too; below 2^32
  std::span<std::int64_t const> supports;  ///< [frequent items] canonical order
  std::size_t alive = 0;                 ///< the items from here on are in every basket, and not in the cells
  std::span<std::uint32_t const> cells;  ///< an end, then rows (prepared.hpp)
  std::span<std::uint32_t const> first, where;  ///< where[first[i] .. first[i + 1]): cells that hold item i
};

/// Local. The places of the items in `cells`: `first` has one entry more than there are items, `where` one
/// for each place. Precondition: fewer than 2^32 cells.
void index_cells(std::span<std::uint32_t const> cells, std::span<std::uint32_t> first,
                 std::span<std::uint32_t> where);

}  // namespace tessera
