// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/core/digest.hpp"
#include "tessera/io/byte_ranges.hpp"
#include "tessera/io/file_list.hpp"

#include <cstddef>
#include <span>
#include <vector>

/// Digests of input files that no rank reads from end to end.
namespace tessera {

/// What one rank adds to the digest of a file.
struct PartDigest {
  std::size_t file = 0;
  BlockDigest digest;
};

/// Local. The blocks of bytes on disk that begin in each of this rank's ranges, in bounded memory.
[[nodiscard]] std::vector<PartDigest> digest_ranges(std::span<FileEntry const> files,
                                                    std::span<ByteRange const> ranges,
                                                    std::size_t block_bytes);

}  // namespace tessera
