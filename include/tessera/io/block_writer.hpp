// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/io/result_file.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

/// Columns of a result file whose blocks are found out of order, by any rank.
namespace tessera {

enum class ElementType { uint8, uint16, int32, int64 };

struct BlockColumn {
  std::string dataset;
  ElementType type;
  Description description;
};

/// Made by ResultFile::write_blocks, handed back to ResultFile::end_blocks.
class BlockWriter {
 public:
  BlockWriter(BlockWriter&&) noexcept;
  ~BlockWriter();

  /// Local. Writes `blocks` blocks from block `first` on: of each column, their rows. Every block is written
  /// once, by one rank. A failure is kept for end_blocks; what comes after it is ignored.
  void put(std::uint64_t first, std::uint64_t blocks, std::span<std::span<std::byte const> const> columns);

 private:
  friend class ResultFile;
  struct State;
  explicit BlockWriter(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace tessera
