// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/data/baskets.hpp"
#include "tessera/kernel/bitset.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "memory.hpp"

/// This rank's customers as bit columns, one an item, cut into tiles that lie in one segment each and fit a
/// cache with all items.
namespace tessera {

class SegmentColumns {
 public:
  /// Rows of a tile: 64 words a column.
  static constexpr std::size_t kTileRows = 4096;

  struct Tile {
    std::size_t segment;
    std::size_t words;  ///< of a column, a multiple of kernel::kColumnWords
    std::size_t first;  ///< word of the first item's column; the other items' follow
  };

  /// Local. Of the items with rank_of[item] >= 0, numbered so.
  SegmentColumns(Baskets const& baskets, std::span<std::int32_t const> segment, std::uint64_t segments,
                 std::span<std::int32_t const> rank_of, std::size_t items, MemoryMeter& meter);

  [[nodiscard]] std::vector<Tile> const& tiles() const noexcept { return tiles_; }
  [[nodiscard]] std::span<std::uint64_t const> column(Tile const& tile, std::int32_t item) const noexcept {
    return std::span(bits_).subspan(tile.first + static_cast<std::size_t>(item) * tile.words, tile.words);
  }

 private:
  Charge charge_;
  std::vector<Tile> tiles_;
  kernel::BitWords bits_;
};

}  // namespace tessera
