// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

/// In what portions input files are read. Results do not depend on them, except for digests on the size of
/// their blocks.
namespace tessera {

inline constexpr std::uint64_t kDigestBlockBytes = 4 << 20;

struct CsvPortions {
  std::size_t window_bytes =
      1 << 18;  ///< read and parsed at a time; with its marks in the second-level cache
  std::size_t digest_block_bytes = kDigestBlockBytes;
  std::uint64_t keep_bytes =
      64 << 20;  ///< parts of files shared with other ranks are read once, not twice, up to this
};

}  // namespace tessera
