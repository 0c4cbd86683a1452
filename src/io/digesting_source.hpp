// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/core/digest.hpp"
#include "tessera/io/byte_ranges.hpp"
#include "tessera/io/byte_source.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

/// Digests of the bytes on disk, taken while they are read anyway, one block a SIMD lane.
namespace tessera {

/// Blocks that are read and hashed together: what the widest vectors have lanes for.
inline constexpr std::size_t kDigestBlocksTogether = 8;

/// Bytes [begin, end) of a file.
struct BlockRun {
  std::uint64_t begin = 0, end = 0;
};
/// Local. The blocks that a rank hashes: those whose first byte is in its range, which therefore may end up
/// to one block beyond the range, and begin behind the range's first bytes.
[[nodiscard]] BlockRun own_blocks(ByteRange const& range, FileEntry const& file, std::uint64_t block_bytes);

/// Local. Adds blocks that follow each other in a file; the last one may be shorter.
void add_consecutive(BlockDigest& digest, std::uint64_t first_number, std::span<char const> bytes,
                     std::size_t block_bytes);

/// The bytes on disk of a whole file, which `digest` has once all are read. Memory: the blocks that are
/// hashed together.
class DigestingSource final : public ByteSource {
 public:
  DigestingSource(FileEntry const& file, std::size_t block_bytes, BlockDigest& digest);

  std::size_t read(std::span<char> into) override;

 private:
  bool refill();

  std::unique_ptr<ByteSource> raw_;
  std::size_t block_bytes_;
  BlockDigest& digest_;
  std::uint64_t next_block_ = 0;
  std::size_t capacity_;
  std::unique_ptr<char[]> buffer_;
  std::span<char const> held_;  // not yet handed on
};

}  // namespace tessera
