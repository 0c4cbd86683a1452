// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/comm/text.hpp"
#include "tessera/core/error.hpp"
#include "tessera/data/row_blocks.hpp"

#include <fstream>
#include <functional>
#include <iterator>
#include <string>

#include "io/temporary_folder.hpp"
#include "mpi/main.hpp"

namespace tessera::test {

inline std::string bytes_of(std::string const& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// Blocks of 0, 5, 10, 2, 7, ... rows; with fewer blocks than ranks, ranks without rows.
inline RowBlocks uneven_blocks(Communicator const& comm, std::uint64_t total_blocks) {
  Placement const placement(total_blocks, comm.size());
  std::vector<std::size_t> rows;
  for (auto b = placement.first_block(comm.rank()); b < placement.first_block(comm.rank() + 1); ++b) {
    rows.push_back(b * 5 % 13);
  }
  return gather_blocks(comm, total_blocks, rows);
}

/// A value for every global position.
template <class T>
std::vector<T> rows_for(RowBlocks const& blocks, std::uint64_t columns) {
  std::vector<T> values(blocks.rows() * columns);
  for (std::size_t i = 0; i < values.size(); ++i) {
    values[i] = static_cast<T>((blocks.first_row * columns + i) * 2654435761U % 1000003U);
  }
  return values;
}

/// The Error that some work throws, which every rank must throw alike. *Collective.*
inline Error error_of(std::function<void()> const& work) {
  try {
    work();
  } catch (Error const& error) {
    auto const texts = broadcast_text(world(), error.what(), 0);
    if (texts != error.what())
      return BugError("ranks threw different errors: " + texts + " and " + error.what());
    return error;
  }
  return BugError("nothing was thrown");
}

}  // namespace tessera::test
