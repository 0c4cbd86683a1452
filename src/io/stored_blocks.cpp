// SPDX-License-Identifier: Apache-2.0
#include "stored_blocks.hpp"

#include "tessera/comm/agree.hpp"
#include "tessera/comm/collectives.hpp"

#include <algorithm>

namespace tessera {

RowBlocks even_blocks(std::uint64_t total_rows, std::uint64_t rows_per_block, Communicator const& comm) {
  RowBlocks out;
  out.total_rows = total_rows;
  out.total_blocks = total_rows / rows_per_block + (total_rows % rows_per_block != 0 ? 1 : 0);
  Placement const placement(out.total_blocks, comm.size());
  auto const first_row_of = [&](std::uint64_t block) {
    return block == out.total_blocks ? total_rows : block * rows_per_block;
  };
  out.first_block = placement.first_block(comm.rank());
  out.first_row = first_row_of(out.first_block);
  auto const end = placement.first_block(comm.rank() + 1);
  out.offset.reserve(end - out.first_block + 1);
  for (auto block = out.first_block; block < end; ++block)
    out.offset.push_back(first_row_of(block + 1) - out.first_row);
  return out;
}

bool same(RowBlocks const& a, RowBlocks const& b) {
  return a.total_rows == b.total_rows && a.total_blocks == b.total_blocks && a.first_row == b.first_row &&
         a.first_block == b.first_block && a.offset == b.offset;
}

void check_consistent(Communicator const& comm, RowBlocks const& mine) {
  auto const rows_before = exclusive_scan(comm, std::uint64_t{mine.rows()});
  auto const blocks_before = exclusive_scan(comm, std::uint64_t{mine.blocks()});
  auto const rows = all_reduce(comm, std::uint64_t{mine.rows()}, Reduce::sum);
  auto const blocks = all_reduce(comm, std::uint64_t{mine.blocks()}, Reduce::sum);
  together(comm, [&] {
    if (mine.first_row != rows_before || mine.total_rows != rows || mine.first_block != blocks_before ||
        mine.total_blocks != blocks || !std::is_sorted(mine.offset.begin(), mine.offset.end())) {
      throw BugError("the blocks of rows on the ranks do not follow each other");
    }
  });
}

std::vector<std::uint64_t> block_offsets(Communicator const& comm, RowBlocks const& mine) {
  std::vector<std::uint64_t> offsets;
  offsets.reserve(mine.blocks() + 1);
  for (std::size_t block = 0; block < mine.blocks(); ++block)
    offsets.push_back(mine.first_row + mine.offset[block]);
  if (comm.rank() == comm.size() - 1) offsets.push_back(mine.total_rows);
  auto const stored = even_blocks(mine.total_blocks + 1, kRowsPerBlock, comm);
  Placement const placement(stored.total_blocks, comm.size());
  std::vector<std::uint64_t> counts(static_cast<std::size_t>(comm.size()));
  for (std::size_t i = 0; i < offsets.size(); ++i) {
    ++counts[static_cast<std::size_t>(placement.rank_of((mine.first_block + i) / kRowsPerBlock))];
  }
  // Ranks have consecutive blocks, so what arrives in the order of ranks is in the order of blocks.
  return all_to_all(comm, std::span<std::uint64_t const>(offsets), counts).values;
}

RowBlocks blocks_from_offsets(std::vector<std::uint64_t> const& offsets, std::uint64_t first_block,
                              std::uint64_t total_blocks, std::uint64_t total_rows) {
  bool const first = first_block == 0, last = first_block + offsets.size() - 1 == total_blocks;
  if (!std::is_sorted(offsets.begin(), offsets.end()) || offsets.back() > total_rows ||
      (first && offsets.front() != 0) || (last && offsets.back() != total_rows)) {
    throw InputError("the stored offsets of blocks do not rise from 0 to the number of rows, " +
                         std::to_string(total_rows),
                     "rows could not be given to ranks", "the file is damaged: write it again");
  }
  RowBlocks out;
  out.total_rows = total_rows;
  out.total_blocks = total_blocks;
  out.first_row = offsets.front();
  out.first_block = first_block;
  out.offset.clear();
  for (auto const offset : offsets) out.offset.push_back(offset - out.first_row);
  return out;
}

}  // namespace tessera
