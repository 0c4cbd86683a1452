// SPDX-License-Identifier: Apache-2.0
#include "tessera/data/row_blocks.hpp"

#include "tessera/comm/collectives.hpp"

#include <algorithm>

namespace tessera {

RowBlocks regular_blocks(std::uint64_t total_rows, int rank, int ranks) {
  RowBlocks out;
  out.total_rows = total_rows;
  out.total_blocks = (total_rows + kRowsPerBlock - 1) / kRowsPerBlock;
  Placement const placement(out.total_blocks, ranks);
  out.first_block = placement.first_block(rank);
  out.first_row = std::min(total_rows, out.first_block * kRowsPerBlock);
  for (std::uint64_t block = out.first_block; block < placement.first_block(rank + 1); ++block) {
    out.offset.push_back(std::min(total_rows, (block + 1) * kRowsPerBlock) - out.first_row);
  }
  return out;
}

RowBlocks gather_blocks(Communicator const& comm, std::uint64_t total_blocks,
                        std::vector<std::size_t> const& rows_in_block) {
  RowBlocks out;
  out.total_blocks = total_blocks;
  out.first_block = Placement(total_blocks, comm.size()).first_block(comm.rank());
  for (auto const rows : rows_in_block) out.offset.push_back(out.offset.back() + rows);
  out.first_row = exclusive_scan(comm, std::uint64_t{out.rows()});
  out.total_rows = all_reduce(comm, std::uint64_t{out.rows()}, Reduce::sum);
  return out;
}

}  // namespace tessera
