// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/core/key.hpp"
#include "tessera/data/table.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

/// Rows as bytes, one behind the other, so that all columns of a round travel in one message between two
/// ranks.
namespace tessera::detail {

class PackedRows {
 public:
  /// The layout of rows with these columns: the key, then a value a column.
  explicit PackedRows(std::vector<Column> const& columns);

  [[nodiscard]] std::size_t bytes_a_row() const noexcept { return bytes_a_row_; }

  /// Local. Rows `row[order[i]]` of the columns with the keys `key[order[i]]`.
  [[nodiscard]] std::vector<std::byte> pack(std::vector<Column> const& columns, std::span<Key const> key,
                                            std::span<std::uint32_t const> row,
                                            std::span<std::size_t const> order) const;
  /// Local. The keys of all rows.
  [[nodiscard]] std::vector<Key> keys(std::span<std::byte const> packed) const;
  /// Local. The columns of these rows, in this order.
  [[nodiscard]] std::vector<Column> unpack(std::span<std::byte const> packed,
                                           std::span<std::uint32_t const> rows) const;

 private:
  struct Field {
    std::size_t size, offset;
  };
  std::vector<Column> empty_;  // name and type of the columns
  std::vector<Field> fields_;  // [columns]
  std::size_t bytes_a_row_;
};

}  // namespace tessera::detail
