// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/comm/collectives.hpp"
#include "tessera/comm/text.hpp"
#include "tessera/core/error.hpp"
#include "tessera/data/row_blocks.hpp"

#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <string>

#include "mpi/main.hpp"
#include <stdlib.h>

namespace tessera::test {

/// An empty folder that all ranks know, removed at the end of the test. *Collective.*
class SharedFolder {
 public:
  SharedFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "tessera-io-XXXXXX").string();
    if (world().rank() == 0 && ::mkdtemp(name.data()) == nullptr) name.clear();
    path_ = broadcast_text(world(), name, 0);
  }
  ~SharedFolder() {
    barrier(world());
    std::error_code ignored;
    if (world().rank() == 0) std::filesystem::remove_all(path_, ignored);
    barrier(world());
  }
  [[nodiscard]] std::string operator/(std::string const& name) const { return path_ + "/" + name; }
  [[nodiscard]] std::string const& path() const { return path_; }
  /// Number of files in it, the same on all ranks.
  [[nodiscard]] std::uint64_t files() const {
    barrier(world());
    auto const count = std::distance(std::filesystem::directory_iterator(path_), {});
    return all_reduce(world(), static_cast<std::uint64_t>(count), Reduce::maximum);
  }

 private:
  std::string path_;
};

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
