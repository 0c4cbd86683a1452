// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/kernel/bitset.hpp"

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "memory.hpp"

/// Baskets x items as bits, a column an item, cut into blocks of baskets that the second-level cache holds
/// with all their columns: whatever is counted is counted block by block.
namespace tessera {

/// Pairs to be counted: of the baskets that hold every column of `path`, those that also hold columns[a] and
/// columns[a + 1 + i], for a in [first, last) and all i, one after another in `counts`.
struct ClassPairs {
  std::span<std::int32_t const> path, columns;
  std::size_t first, last;
  std::span<std::int64_t> counts;  ///< zeros
};

class BitColumns {
 public:
  BitColumns(std::size_t rows, std::size_t columns, MemoryMeter& meter);

  void set(std::size_t row, std::size_t column) noexcept {
    auto const block = row >> shift_;
    auto const in_block = row - (block << shift_);
    bits_[(block * columns_ + column) * words_ + in_block / 64] |= std::uint64_t{1} << (in_block % 64);
  }
  [[nodiscard]] std::size_t rows() const noexcept { return rows_; }
  /// Rows with all columns of `path`.
  [[nodiscard]] std::size_t count(std::span<std::int32_t const> path) const;
  void count(std::span<ClassPairs const> classes) const;
  /// The rows with all columns of `path`, of which there are `rows`, restricted to the columns `kept`.
  [[nodiscard]] BitColumns project(std::span<std::int32_t const> path, std::span<std::int32_t const> kept,
                                   std::size_t rows, MemoryMeter& meter) const;

 private:
  /// Words of a block that hold rows.
  [[nodiscard]] std::size_t words_in(std::size_t block) const noexcept;
  [[nodiscard]] std::span<std::uint64_t const> column_of(std::size_t block,
                                                         std::size_t column) const noexcept {
    return std::span(bits_).subspan((block * columns_ + column) * words_, words_in(block));
  }
  /// Of the rows of a block, those with all columns of `path`, in `room` unless there is only one column.
  [[nodiscard]] std::span<std::uint64_t const> rows_with(std::size_t block,
                                                         std::span<std::int32_t const> path,
                                                         std::span<std::uint64_t> room) const;

  std::size_t rows_, columns_;
  std::size_t words_;  ///< of a column in a block
  std::size_t blocks_;
  unsigned shift_;  ///< block of a row = row >> shift_
  Charge charge_;
  kernel::BitWords bits_;  ///< [blocks, columns, words_]
};

}  // namespace tessera
