// SPDX-License-Identifier: Apache-2.0
#include "tessera/io/csv_share.hpp"

#include <algorithm>
#include <utility>

namespace tessera {

CsvStart csv_start(std::span<CsvTail const> lower, ByteRange const& range) {
  if (range.begin == 0) return {};
  kernel::CsvCount before;
  for (auto const& tail : lower) {
    if (tail.file == range.file) before += tail.count;
  }
  return {range.begin, before.line_ends_even, before.quotes % 2 != 0};
}

CsvShare::CsvShare(std::span<FileEntry const> files, int rank, int ranks, CsvDialect const& dialect,
                   CsvPortions const& portions)
    : files_(files), dialect_(dialect), portions_(portions), ranges_(byte_ranges(files, rank, ranks)) {
  for (auto const& range : ranges_) bytes_ += range.end - range.begin;
}

/// Goes from block border to block border. A block is hashed by the rank that has its first byte, which
/// therefore may read up to one block beyond its part; bytes of a block that began in a lower rank's part are
/// only counted.
void CsvShare::scan(Progress& progress, std::string const& detail) {
  std::uint64_t const block_bytes = portions_.digest_block_bytes;
  std::vector<char> block(ranges_.empty() ? 0 : block_bytes);
  digests_.resize(ranges_.size());
  if (bytes_ <= portions_.keep_bytes) kept_.resize(ranges_.size());
  std::uint64_t scanned = 0;
  for (std::size_t i = 0; i < ranges_.size(); ++i) {
    ByteRange const& range = ranges_[i];
    FileEntry const& file = files_[range.file];
    bool const is_text = file.compression == Compression::none;
    tail_ = {range.file, {}};
    if (is_text && !kept_.empty()) kept_[i].reserve(range.end - range.begin);
    auto const source = open_raw(file, range.begin);
    for (std::uint64_t position = range.begin; position < range.end;) {
      std::uint64_t const number = position / block_bytes;
      std::uint64_t const block_end = std::min((number + 1) * block_bytes, file.bytes);
      bool const hashes = position == number * block_bytes;
      std::span const bytes(block.data(), (hashes ? block_end : std::min(block_end, range.end)) - position);
      source->read(bytes);
      if (hashes) digests_[i].add(number, std::as_bytes(bytes));
      std::span const own = bytes.first(std::min(block_end, range.end) - position);
      if (is_text) {
        tail_.count += kernel::csv_count(own, dialect_.quotes);
        if (!kept_.empty()) kept_[i].insert(kept_[i].end(), own.begin(), own.end());
      }
      position += own.size();
      scanned += own.size();
      progress.update(static_cast<double>(scanned), static_cast<double>(bytes_), detail);
    }
  }
}

CsvRecords CsvShare::records(std::size_t i, CsvStart const& first) const {
  ByteRange const& range = ranges_[i];
  FileEntry const& file = files_[range.file];
  CsvStart const start = i == 0 ? first : CsvStart{};
  if (file.compression != Compression::none) {
    return {open_content(file),    file.path, dialect_, start, std::numeric_limits<std::uint64_t>::max(),
            portions_.window_bytes};
  }
  auto source = kept_.empty() ? open_raw(file, range.begin) : continue_kept(kept_[i], file, range.begin);
  return {std::move(source), file.path, dialect_, start, range.end, portions_.window_bytes};
}

}  // namespace tessera
