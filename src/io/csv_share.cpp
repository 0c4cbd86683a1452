// SPDX-License-Identifier: Apache-2.0
#include "tessera/io/csv_share.hpp"

#include "tessera/core/stop.hpp"

#include <algorithm>
#include <utility>

#include "digesting_source.hpp"
#include "huge_pages.hpp"

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

void CsvShare::scan(Progress& progress, std::string const& detail) {
  digests_.resize(ranges_.size());
  kept_.resize(ranges_.size());
  std::uint64_t to_scan = 0, scanned = 0;
  for (auto const& range : ranges_) to_scan += is_whole_file(range) ? 0 : range.end - range.begin;
  for (std::size_t i = 0; i < ranges_.size(); ++i) {
    tail_ = {ranges_[i].file, {}};
    if (is_whole_file(ranges_[i])) continue;  // nobody asks how it ends
    scan_range(i, to_scan <= portions_.keep_bytes, [&](std::uint64_t bytes) {
      scanned += bytes;
      progress.update(static_cast<double>(scanned), static_cast<double>(to_scan), detail);
      stop_if_asked();
    });
  }
}

/// Hashes the blocks that begin in the range and counts its own bytes: those of a block that began in a lower
/// rank's part are only counted, those beyond the range only hashed.
template <class Advance>
void CsvShare::scan_range(std::size_t i, bool keep, Advance const& advance) {
  std::uint64_t const block_bytes = portions_.digest_block_bytes;
  ByteRange const& range = ranges_[i];
  FileEntry const& file = files_[range.file];
  auto const [first_block, end_of_blocks] = own_blocks(range, file, block_bytes);
  std::uint64_t const most = kDigestBlocksTogether * block_bytes;
  std::size_t const size =
      keep ? end_of_blocks - range.begin : std::min<std::uint64_t>(most, end_of_blocks - range.begin);
  auto buffer = std::make_unique_for_overwrite<char[]>(size);
  advise_huge_pages(buffer.get(), size);
  auto const source = open_raw(file, range.begin);
  std::uint64_t position = range.begin;
  while (position < range.end) {
    bool const hashes = position >= first_block;
    std::uint64_t const end =
        hashes ? std::min(position + most, end_of_blocks) : std::min(first_block, range.end);
    std::span const bytes(buffer.get() + (keep ? position - range.begin : 0), end - position);
    source->read(bytes);
    if (hashes) add_consecutive(digests_[i], position / block_bytes, bytes, block_bytes);
    std::span const own = bytes.first(std::min(end, range.end) - position);
    tail_.count += kernel::csv_count(own, dialect_.quotes);
    advance(own.size());
    position = end;
  }
  if (keep) kept_[i] = {std::move(buffer), position - range.begin};
}

CsvRecords CsvShare::records(std::size_t i, CsvStart const& first) {
  ByteRange const& range = ranges_[i];
  FileEntry const& file = files_[range.file];
  CsvStart const start = i == 0 ? first : CsvStart{};
  bool const is_text = file.compression == Compression::none;
  std::unique_ptr<ByteSource> source;
  if (is_whole_file(range)) {
    source = open_content(file,
                          std::make_unique<DigestingSource>(file, portions_.digest_block_bytes, digests_[i]));
  } else if (kept_[i].bytes != nullptr) {
    source = continue_kept({kept_[i].bytes.get(), kept_[i].size}, file, range.begin);
  } else {
    source = open_raw(file, range.begin);
  }
  std::uint64_t const end = is_text ? range.end : std::numeric_limits<std::uint64_t>::max();
  return {std::move(source), file.path, dialect_, start, end, portions_.window_bytes};
}

}  // namespace tessera
