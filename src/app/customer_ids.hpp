// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/comm/communicator.hpp"
#include "tessera/core/key.hpp"
#include "tessera/data/row_blocks.hpp"
#include "tessera/io/read_ids.hpp"
#include "tessera/io/result_reader.hpp"
#include "tessera/io/table_spec.hpp"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

/// Whom the pseudonyms of a result stand for: its keys joined with the hashed ids of a source table. Every id
/// goes to the rank that holds its key, so no rank holds more than its share.
namespace tessera {

class CustomerIds {
 public:
  /// *Collective.* Reads the table's ids, hashes them and keeps those of the result's customers. Memory of a
  /// rank: 28 bytes and the id for each of its customers, and some MB in transit. Throws as read_ids, and
  /// InputError where the result has no keys or none of its customers is in the table.
  CustomerIds(Communicator const& comm, ResultReader const& result, TableSpec const& source,
              KeyHasher const& hasher);

  /// Customers of the result, and those of them that the table has; over all ranks.
  [[nodiscard]] std::uint64_t customers() const noexcept { return blocks_.total_rows; }
  [[nodiscard]] std::uint64_t known() const noexcept { return known_; }

  /// *Collective.* Fetches the ids of some rows of the result, as many as this rank asks for.
  void load(RowBlocks const& piece);
  /// Local. Of row `row` of the piece; empty: the table does not have the customer.
  [[nodiscard]] std::string_view id(std::size_t row) const noexcept {
    return std::string_view(loaded_).substr(loaded_at_[row], loaded_at_[row + 1] - loaded_at_[row]);
  }

 private:
  struct Parcel;

  [[nodiscard]] Parcel sort_by_owner(IdBatch const& batch, std::vector<Key> const& batch_keys) const;
  void keep(std::vector<Key> const& keys, std::vector<std::uint32_t> const& lengths,
            std::vector<char> const& text);

  Communicator const& comm_;
  RowBlocks blocks_;
  std::vector<Key> keys_;            // [rows] of this rank, ascending
  std::vector<Key> first_key_;       // of the ranks that have rows
  std::vector<std::size_t> holder_;  // which they are
  static constexpr std::uint64_t kUnknown = std::numeric_limits<std::uint64_t>::max();
  std::vector<std::uint64_t> at_;      // [rows] where the id begins in text_
  std::vector<std::uint32_t> length_;  // [rows] of the id; 0 where it is unknown
  std::string text_;
  std::uint64_t known_ = 0;

  std::string loaded_;
  std::vector<std::size_t> loaded_at_{0};  // [rows of the piece + 1]
};

}  // namespace tessera
