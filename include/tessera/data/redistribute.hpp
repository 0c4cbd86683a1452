// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/comm/collectives.hpp"
#include "tessera/data/row_blocks.hpp"

#include <algorithm>
#include <cstdint>
#include <numeric>
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
/// to move to regular blocks over all of them. With `before` other rows in front of those of rank 0,
/// `total_rows` in all.
[[nodiscard]] std::vector<std::uint64_t> regular_send_counts(Communicator const& comm,
                                                             std::uint64_t local_rows,
                                                             std::uint64_t total_rows,
                                                             std::uint64_t before = 0);

/// *Collective.* Moves values, consecutive over ranks in whatever shares they were found, to regular blocks.
template <Plain T>
[[nodiscard]] Regular<T> to_regular_blocks(Communicator const& comm, std::span<T const> values) {
  auto const total = all_reduce(comm, std::uint64_t{values.size()}, Reduce::sum);
  auto const counts = regular_send_counts(comm, values.size(), total);
  return {regular_blocks(total, comm.rank(), comm.size()),
          all_to_all(comm, values, std::span(counts)).values};
}

/// *Collective.* The same for several sequences, one after another as one: `parts` are this rank's runs of
/// each, as many on every rank.
template <Plain T>
[[nodiscard]] Regular<T> to_regular_blocks(Communicator const& comm, std::span<std::vector<T> const> parts) {
  std::vector<std::uint64_t> rows;
  for (auto const& part : parts) rows.push_back(part.size());
  all_reduce(comm, std::span(rows), Reduce::sum);
  Regular<T> out;
  auto const total = std::accumulate(rows.begin(), rows.end(), std::uint64_t{0});
  out.blocks = regular_blocks(total, comm.rank(), comm.size());
  std::uint64_t before = 0;
  for (std::size_t p = 0; p < parts.size(); ++p) {
    auto const counts = regular_send_counts(comm, parts[p].size(), total, before);
    auto const arrived = all_to_all(comm, std::span<T const>(parts[p]), std::span(counts)).values;
    out.values.insert(out.values.end(), arrived.begin(), arrived.end());
    before += rows[p];
  }
  return out;
}

}  // namespace tessera
