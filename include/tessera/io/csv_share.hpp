// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/core/digest.hpp"
#include "tessera/core/progress.hpp"
#include "tessera/io/byte_ranges.hpp"
#include "tessera/io/csv_records.hpp"

#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <vector>

/// One rank's part of the files of a table. Its first pass counts quotes and line ends and takes checksums;
/// what the lower ranks counted in the file that they share tells how the part begins; its second pass yields
/// the records. No communication here: a test can play all ranks in turn.
namespace tessera {

/// What a rank counted in the last file of its part, for the rank that continues there.
struct CsvTail {
  std::uint64_t file = std::numeric_limits<std::uint64_t>::max();  ///< this: the rank has no part
  kernel::CsvCount count;
};

/// Local. How a part that begins with `range` starts, from the tails of all lower ranks in order.
[[nodiscard]] CsvStart csv_start(std::span<CsvTail const> lower, ByteRange const& range);

class CsvShare {
 public:
  CsvShare(std::span<FileEntry const> files, int rank, int ranks, CsvDialect const& dialect,
           CsvPortions const& portions = {});

  [[nodiscard]] std::vector<ByteRange> const& ranges() const noexcept { return ranges_; }
  /// Bytes on disk of all ranges together.
  [[nodiscard]] std::uint64_t bytes() const noexcept { return bytes_; }

  /// Local. The first pass. Small parts stay in memory for the second.
  void scan(Progress& progress, std::string const& detail);
  [[nodiscard]] CsvTail const& tail() const noexcept { return tail_; }

  /// Local. The second pass over ranges()[i]; `first` is csv_start of ranges()[0].
  [[nodiscard]] CsvRecords records(std::size_t i, CsvStart const& first) const;

  /// [ranges] Digests of the blocks of bytes on disk that begin in each range.
  [[nodiscard]] std::span<BlockDigest> digests() noexcept { return digests_; }

 private:
  std::span<FileEntry const> files_;
  CsvDialect dialect_;
  CsvPortions portions_;
  std::vector<ByteRange> ranges_;
  std::uint64_t bytes_ = 0;
  CsvTail tail_;
  std::vector<BlockDigest> digests_;     // [ranges]
  std::vector<std::vector<char>> kept_;  // [ranges], or nothing at all
};

}  // namespace tessera
