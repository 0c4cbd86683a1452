// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/comm/communicator.hpp"
#include "tessera/core/rows.hpp"
#include "tessera/data/placement.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

/// The rows of one rank, cut into its blocks. Everything that is distributed over customers carries one.
namespace tessera {

/// A contiguous run of global blocks with the rows in them.
struct RowBlocks {
  std::uint64_t total_rows = 0;        ///< rows over all ranks
  std::uint64_t total_blocks = 0;      ///< blocks over all ranks
  std::uint64_t first_row = 0;         ///< global row of local row 0
  std::uint64_t first_block = 0;       ///< global number of local block 0
  std::vector<std::size_t> offset{0};  ///< [blocks + 1] first local row of each local block

  [[nodiscard]] std::size_t rows() const noexcept { return offset.back(); }
  [[nodiscard]] std::size_t blocks() const noexcept { return offset.size() - 1; }
  [[nodiscard]] GlobalRow global(LocalRow row) const noexcept { return {first_row + row.value}; }
  [[nodiscard]] bool owns(GlobalRow row) const noexcept {
    return row.value >= first_row && row.value - first_row < rows();
  }
  /// Precondition: owns(row).
  [[nodiscard]] LocalRow local(GlobalRow row) const noexcept { return {row.value - first_row}; }
};

/// Local. Blocks of kRowsPerBlock rows in file order, for matrices and baskets that are read directly.
[[nodiscard]] RowBlocks regular_blocks(std::uint64_t total_rows, int rank, int ranks);

/// *Collective.* From the number of rows in each block that Placement(total_blocks, ranks) gives this rank.
[[nodiscard]] RowBlocks gather_blocks(Communicator const& comm, std::uint64_t total_blocks,
                                      std::vector<std::size_t> const& rows_in_block);

}  // namespace tessera
