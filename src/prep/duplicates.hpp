// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/data/table.hpp"
#include "tessera/io/table_spec.hpp"

#include <cstddef>
#include <span>
#include <vector>

/// Which of the rows with the same id is the customer's.
namespace tessera::detail {

/// An order of rows by one column, then by all columns, so that the order of a file decides nothing. Missing
/// values come first.
class RowOrder {
 public:
  RowOrder(Table const& table, Column const& first) : table_(table), first_(first) {}
  /// Local. Whether row a comes before row b.
  [[nodiscard]] bool operator()(std::size_t a, std::size_t b) const;

 private:
  Table const& table_;
  Column const& first_;
};

/// Local. How many rows share their key with another; the keys are ascending.
[[nodiscard]] std::uint64_t rows_sharing_a_key(std::span<Key const> keys);

/// Local. Of each run of equal ascending keys, the row that is first or last in this order.
[[nodiscard]] std::vector<std::size_t> one_row_a_key(std::span<Key const> keys, Duplicates choice,
                                                     RowOrder const& before);

}  // namespace tessera::detail
