// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/comm/communicator.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// The input files behind paths and globs, the same list on every rank.
namespace tessera {

enum class Compression : std::uint8_t { none, gzip, zstd };

/// Local. From the ending of the path: ".gz", ".zst", or anything else.
[[nodiscard]] Compression compression_of(std::string_view path) noexcept;

struct FileEntry {
  std::string path;
  std::uint64_t bytes = 0;  ///< on disk
  Compression compression = Compression::none;
};

/// *Collective.* The regular files that paths and globs name, ascending by the bytes of their paths, each
/// once. Rank 0 alone asks the file system. `what` names the input in messages ("table 'customers'"). Throws
/// InputError for a path that is missing, cannot be examined or is no regular file, and for a glob without a
/// match; ConfigurationError where no path is given.
[[nodiscard]] std::vector<FileEntry> list_files(Communicator const& comm,
                                                std::span<std::string const> patterns, std::string_view what);

}  // namespace tessera
