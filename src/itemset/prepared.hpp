// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/data/baskets.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "memory.hpp"

/// Baskets as the search wants them: only frequent items, numbered in canonical order, and equal baskets
/// merged into one with a weight.
namespace tessera {

/// A row is a run of cells: its items ascending, then an end with the row's weight. Rows are read from any of
/// their items in both directions, so they need no index.
namespace cell {
inline constexpr std::uint32_t kEnd = std::uint32_t{1} << 31;
inline constexpr std::uint32_t kMaxWeight = kEnd - 1;
[[nodiscard]] constexpr bool is_end(std::uint32_t cell) noexcept {
  return (cell & kEnd) != 0;
}
[[nodiscard]] constexpr std::uint32_t weight(std::uint32_t end) noexcept {
  return end & kMaxWeight;
}
}  // namespace cell

/// Local. The same for equal rows.
[[nodiscard]] std::uint64_t hash_of(std::span<std::uint32_t const> items) noexcept;

/// Merges equal rows as they come.
class RowMerger {
 public:
  explicit RowMerger(MemoryMeter& meter) : charge_(meter, 0) {}

  /// `items`: ascending.
  void add(std::span<std::uint32_t const> items, std::uint64_t weight);
  [[nodiscard]] std::uint64_t rows() const noexcept { return starts_.size(); }
  /// The rows, an end before the first.
  [[nodiscard]] std::vector<std::uint32_t> cells() &&;

 private:
  void grow();

  Charge charge_;
  std::vector<std::uint32_t> cells_{cell::kEnd};
  std::vector<std::uint64_t> starts_;  ///< [rows] of each row in cells_
  std::vector<std::uint32_t> table_;   ///< row + 1 by hash; 0: free
};

/// Local. This rank's baskets, or every `stride`-th of them, over the items with rank_of[item] >= 0; empty
/// ones are left out.
[[nodiscard]] std::vector<std::uint32_t> merge_baskets(Baskets const& baskets,
                                                       std::span<std::int32_t const> rank_of,
                                                       MemoryMeter& meter, std::size_t stride = 1);

}  // namespace tessera
