// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/core/digest.hpp"
#include "tessera/core/progress.hpp"
#include "tessera/io/byte_ranges.hpp"
#include "tessera/io/csv_portions.hpp"
#include "tessera/io/csv_records.hpp"

#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <vector>

/// One rank's part of the files of a table. Its first pass counts quotes and line ends of files that it
/// shares with other ranks; what the lower ranks counted in the file that they share tells how the part
/// begins; its second pass yields the records. Digests are taken when bytes are read for the first time,
/// which for a file of one rank alone is the second pass. No communication here: a test can play all ranks in
/// turn.
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
  /// What this rank counted, for a rank that continues in its last file.
  [[nodiscard]] CsvTail const& tail() const noexcept { return tail_; }

  /// Local. The second pass over ranges()[i]; `first` is csv_start of ranges()[0].
  [[nodiscard]] CsvRecords records(std::size_t i, CsvStart const& first);

  /// [ranges] Digests of the blocks of bytes on disk that begin in each range, once all records were read.
  [[nodiscard]] std::span<BlockDigest> digests() noexcept { return digests_; }

 private:
  [[nodiscard]] bool is_whole_file(ByteRange const& range) const noexcept {
    return range.begin == 0 && range.end == files_[range.file].bytes;
  }
  template <class Advance>
  void scan_range(std::size_t i, bool keep, Advance const& advance);

  std::span<FileEntry const> files_;
  CsvDialect dialect_;
  CsvPortions portions_;
  std::vector<ByteRange> ranges_;
  std::uint64_t bytes_ = 0;
  CsvTail tail_;
  std::vector<BlockDigest> digests_;  // [ranges]
  struct Kept {
    std::unique_ptr<char[]> bytes;
    std::size_t size = 0;
  };
  std::vector<Kept> kept_;  // [ranges], the first bytes of each, if any
};

}  // namespace tessera
