// SPDX-License-Identifier: Apache-2.0
#include "segment_columns.hpp"

#include <algorithm>

namespace tessera {

SegmentColumns::SegmentColumns(Baskets const& baskets, std::span<std::int32_t const> segment,
                               std::uint64_t segments, std::span<std::int32_t const> rank_of,
                               std::size_t items, MemoryMeter& meter)
    : charge_(meter, 0) {
  std::vector<std::size_t> rows(segments, 0);
  for (auto const s : segment) ++rows[static_cast<std::size_t>(s)];
  std::vector<std::size_t> first_tile(segments);
  std::size_t words = 0;
  for (std::size_t s = 0; s < segments; ++s) {
    first_tile[s] = tiles_.size();
    for (std::size_t begin = 0; begin < rows[s]; begin += kTileRows) {
      auto const columns = kernel::column_words(std::min(kTileRows, rows[s] - begin));
      tiles_.push_back({s, columns, words});
      words += columns * items;
    }
  }
  charge_.resize(words * sizeof(std::uint64_t));
  bits_.assign(words, 0);
  std::vector<std::size_t> next(segments, 0);  // row of each segment
  for (std::size_t r = 0; r < baskets.rows(); ++r) {
    auto const s = static_cast<std::size_t>(segment[r]);
    auto const& tile = tiles_[first_tile[s] + next[s] / kTileRows];
    std::size_t const row = next[s]++ % kTileRows;
    for (auto const item : baskets.basket(LocalRow{r})) {
      auto const rank = rank_of[static_cast<std::size_t>(item)];
      if (rank < 0) continue;
      bits_[tile.first + static_cast<std::size_t>(rank) * tile.words + row / 64] |= std::uint64_t{1}
                                                                                    << (row % 64);
    }
  }
}

}  // namespace tessera
