// SPDX-License-Identifier: Apache-2.0
#include "file_digests.hpp"

#include "tessera/io/byte_source.hpp"

#include <algorithm>
#include <memory>

#include "digesting_source.hpp"

namespace tessera {

std::vector<PartDigest> digest_ranges(std::span<FileEntry const> files, std::span<ByteRange const> ranges,
                                      std::size_t block_bytes) {
  std::vector<PartDigest> digests;
  for (auto const& range : ranges) {
    FileEntry const& file = files[range.file];
    auto& digest = digests.emplace_back(PartDigest{range.file, {}}).digest;
    auto [position, end] = own_blocks(range, file, block_bytes);
    if (position >= end) continue;
    std::size_t const together = std::min<std::uint64_t>(kDigestBlocksTogether * block_bytes, end - position);
    auto const buffer = std::make_unique_for_overwrite<char[]>(together);
    auto const source = open_raw(file, position);
    while (position < end) {
      std::span const bytes(buffer.get(), std::min<std::uint64_t>(together, end - position));
      source->read(bytes);
      add_consecutive(digest, position / block_bytes, bytes, block_bytes);
      position += bytes.size();
    }
  }
  return digests;
}

}  // namespace tessera
