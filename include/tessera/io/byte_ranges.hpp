// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/io/file_list.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

/// Which bytes of which files a rank reads: a value computed from the file sizes alone.
namespace tessera {

/// Bytes [begin, end) of files[file]; never empty. A compressed file is always whole.
struct ByteRange {
  std::size_t file = 0;
  std::uint64_t begin = 0, end = 0;
  bool operator==(ByteRange const&) const = default;
};

/// Local. The concatenated files are cut into `ranks` equal parts; a compressed file goes whole to the rank
/// whose part holds its middle. In file order within a rank and over ranks. Only the first range of a rank
/// can begin inside a file. A rank may get nothing.
[[nodiscard]] std::vector<ByteRange> byte_ranges(std::span<FileEntry const> files, int rank, int ranks);

}  // namespace tessera
