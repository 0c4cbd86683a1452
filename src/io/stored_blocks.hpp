// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/comm/communicator.hpp"
#include "tessera/data/row_blocks.hpp"

#include <cstdint>
#include <vector>

/// Blocks of rows as they are stored in result files.
namespace tessera {

/// Local. This rank's run of blocks of `rows_per_block` rows each, the last one shorter.
[[nodiscard]] RowBlocks even_blocks(std::uint64_t total_rows, std::uint64_t rows_per_block,
                                    Communicator const& comm);

/// Local.
[[nodiscard]] bool same(RowBlocks const& a, RowBlocks const& b);

/// *Collective.* Throws BugError unless the rows and blocks of the ranks follow each other and add up.
void check_consistent(Communicator const& comm, RowBlocks const& mine);

/// *Collective.* The first global row of every block and, last, the number of rows: of this array of
/// total_blocks + 1, the rows that even_blocks(total_blocks + 1, kRowsPerBlock, comm) gives this rank.
[[nodiscard]] std::vector<std::uint64_t> block_offsets(Communicator const& comm, RowBlocks const& mine);

/// Local. The blocks of this rank from its run of that array: its blocks' entries and the one after them.
/// Throws InputError when the entries cannot be offsets of `total_rows` rows.
[[nodiscard]] RowBlocks blocks_from_offsets(std::vector<std::uint64_t> const& offsets,
                                            std::uint64_t first_block, std::uint64_t total_blocks,
                                            std::uint64_t total_rows);

}  // namespace tessera
