// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/comm/collectives.hpp"
#include "tessera/data/row_blocks.hpp"

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

namespace tessera {

/// Values in regular blocks.
template <Plain T>
struct Regular {
  RowBlocks blocks;
  std::vector<T> values;  ///< [blocks.rows()]
};

/// *Collective.* Rows per destination rank, when ranks hold consecutive runs of `local_rows` rows that have
/// to move to regular blocks over all of them.
[[nodiscard]] std::vector<std::uint64_t> regular_send_counts(Communicator const& comm,
                                                             std::uint64_t local_rows,
                                                             std::uint64_t total_rows);

/// *Collective.* Moves values, consecutive over ranks in whatever shares they were found, to regular blocks.
template <Plain T>
[[nodiscard]] Regular<T> to_regular_blocks(Communicator const& comm, std::span<T const> values) {
  auto const total = all_reduce(comm, std::uint64_t{values.size()}, Reduce::sum);
  auto const counts = regular_send_counts(comm, values.size(), total);
  return {regular_blocks(total, comm.rank(), comm.size()),
          all_to_all(comm, values, std::span(counts)).values};
}

}  // namespace tessera
