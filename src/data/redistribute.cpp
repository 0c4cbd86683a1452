// SPDX-License-Identifier: Apache-2.0
#include "tessera/data/redistribute.hpp"

namespace tessera {

std::vector<std::uint64_t> regular_send_counts(Communicator const& comm, std::uint64_t local_rows,
                                               std::uint64_t total_rows, std::uint64_t before) {
  std::uint64_t const begin = before + exclusive_scan(comm, local_rows);
  std::uint64_t const end = begin + local_rows;
  std::vector<std::uint64_t> counts(static_cast<std::size_t>(comm.size()));
  Placement const placement((total_rows + kRowsPerBlock - 1) / kRowsPerBlock, comm.size());
  for (int rank = 0; rank < comm.size(); ++rank) {
    auto const first = std::min(total_rows, placement.first_block(rank) * kRowsPerBlock);
    auto const last = std::min(total_rows, placement.first_block(rank + 1) * kRowsPerBlock);
    auto const overlap_begin = std::max(begin, first), overlap_end = std::min(end, last);
    counts[static_cast<std::size_t>(rank)] = overlap_end > overlap_begin ? overlap_end - overlap_begin : 0;
  }
  return counts;
}

}  // namespace tessera
