// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/core/key.hpp"

#include <cstdint>

/// Which rank owns which customers: a value computed from counts alone, without communication. Key space is
/// cut into equal blocks, a number chosen from the number of rows only, and every rank owns a contiguous run
/// of whole blocks. Results computed block by block therefore cannot depend on the number of ranks (DESIGN,
/// promise 1).
namespace tessera {

/// Rows per block aimed at; also the exact block length of a matrix that keeps its file order.
inline constexpr std::uint64_t kRowsPerBlock = 1024;

/// Equal ranges of key space: a power of two, about kRowsPerBlock customers each.
class KeyBlocks {
 public:
  /// Local. `rows`: the number of rows of the whole base.
  explicit KeyBlocks(std::uint64_t rows) noexcept;
  /// Local. The blocks of something placed before: a power of two of them.
  [[nodiscard]] static KeyBlocks of_count(std::uint64_t blocks) noexcept;

  [[nodiscard]] std::uint64_t count() const noexcept { return std::uint64_t{1} << bits_; }
  /// Local. The block of a key: its leading bits.
  [[nodiscard]] std::uint64_t of(Key const& key) const noexcept {
    return bits_ == 0 ? 0 : key.high >> (64 - bits_);
  }
  /// Local. How far into its block a key lies, as a fraction of 2^64.
  [[nodiscard]] std::uint64_t within(Key const& key) const noexcept { return key.high << bits_; }

 private:
  int bits_;
};

/// Contiguous runs of blocks, one a rank, as equal as whole blocks allow. A rank's run may be empty.
class Placement {
 public:
  Placement(std::uint64_t blocks, int ranks) noexcept
      : blocks_(blocks), ranks_(static_cast<std::uint64_t>(ranks)) {}

  /// Local. The first block of a rank; first_block(ranks) is the number of blocks.
  [[nodiscard]] std::uint64_t first_block(int rank) const noexcept;
  /// Local. The rank that owns a block.
  [[nodiscard]] int rank_of(std::uint64_t block) const noexcept;

 private:
  std::uint64_t blocks_, ranks_;
};

}  // namespace tessera
