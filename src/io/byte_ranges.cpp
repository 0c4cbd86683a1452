// SPDX-License-Identifier: Apache-2.0
#include "tessera/io/byte_ranges.hpp"

#include <algorithm>

namespace tessera {

std::vector<ByteRange> byte_ranges(std::span<FileEntry const> files, int rank, int ranks) {
  std::uint64_t total = 0;
  for (auto const& file : files) total += file.bytes;
  auto const cut = [&](int r) {
    return static_cast<std::uint64_t>(static_cast<unsigned __int128>(total) * static_cast<std::uint64_t>(r) /
                                      static_cast<std::uint64_t>(ranks));
  };
  std::uint64_t const first = cut(rank), last = cut(rank + 1);
  std::vector<ByteRange> ranges;
  std::uint64_t start = 0;  // of the file in the concatenation
  for (std::size_t i = 0; i < files.size(); start += files[i++].bytes) {
    std::uint64_t const bytes = files[i].bytes;
    if (files[i].compression != Compression::none) {
      std::uint64_t const middle = start + bytes / 2;
      if (bytes > 0 && first <= middle && middle < last) ranges.push_back({i, 0, bytes});
    } else if (std::max(start, first) < std::min(start + bytes, last)) {
      ranges.push_back({i, std::max(start, first) - start, std::min(start + bytes, last) - start});
    }
  }
  return ranges;
}

}  // namespace tessera
