// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/core/key.hpp"
#include "tessera/data/placement.hpp"
#include "tessera/data/row_blocks.hpp"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

/// Where keys stand among the placed keys of this rank.
namespace tessera::detail {

inline constexpr std::uint32_t kNotThere = std::numeric_limits<std::uint32_t>::max();

/// Keys that were looked up, block after block: a block's placed keys fit the first-level cache, and what is
/// done with the rows found goes through memory in order.
struct LocatedKeys {
  std::vector<std::uint32_t> order;  ///< [keys] block after block
  std::vector<std::uint32_t> row;    ///< [keys] placed row of order[i], or kNotThere
  std::vector<std::size_t> offset;   ///< [blocks + 1] first of each block in the order
};

class KeyIndex {
 public:
  /// `keys`: ascending, those of `blocks`; both outlive the index. Throws ResourceError where there are too
  /// many for 32-bit row numbers.
  KeyIndex(std::span<Key const> keys, RowBlocks const& blocks);

  [[nodiscard]] KeyBlocks const& key_blocks() const noexcept { return key_blocks_; }
  [[nodiscard]] RowBlocks const& blocks() const noexcept { return blocks_; }

  /// Local. Looks up keys of blocks that this rank owns, at most 2^32 - 1 of them.
  [[nodiscard]] LocatedKeys locate(std::span<Key const> keys) const;

 private:
  [[nodiscard]] std::uint32_t locate(Key const& key, std::size_t block) const noexcept;

  std::span<Key const> keys_;
  RowBlocks const& blocks_;
  KeyBlocks key_blocks_;
};

}  // namespace tessera::detail
