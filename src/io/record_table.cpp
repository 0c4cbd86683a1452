// SPDX-License-Identifier: Apache-2.0
#include "record_table.hpp"

#include "tessera/comm/agree.hpp"
#include "tessera/comm/collectives.hpp"
#include "tessera/core/fault.hpp"
#include "tessera/core/stop.hpp"
#include "tessera/io/byte_ranges.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace tessera {

RecordTable::RecordTable(Communicator const& comm, TableSpec const& spec, KeyHasher const& hash,
                         Progress& progress, CsvPortions const& portions, std::uint64_t listed_rejects)
    : TableParser(comm, spec),
      progress_(progress),
      detail_(fmt::format("reading table '{}'", spec.name)),
      text_(spec, wanted_fields(spec)),
      rows_(spec, csv_layout(spec, text_.fields()), hash, listed_rejects) {
  count_rows();
  together(comm, [&] {
    begin_ = next_ = share_begin(comm.rank());
    end_ = share_begin(comm.rank() + 1);
    digests_ =
        digest_ranges(files_, byte_ranges(files_, comm.rank(), comm.size()), portions.digest_block_bytes);
  });
}

/// *Collective.*
void RecordTable::count_rows() {
  std::vector<std::uint64_t> counts(files_.size());
  together(comm_, [&] {
    auto const step = static_cast<std::size_t>(comm_.size());
    for (auto file = static_cast<std::size_t>(comm_.rank()); file < files_.size(); file += step) {
      open(file);
      counts[file] = opened_->rows();
    }
  });
  all_reduce(comm_, std::span(counts), Reduce::sum);
  offset_.assign(1, 0);
  for (auto const count : counts) offset_.push_back(offset_.back() + count);
}

void RecordTable::open(std::size_t file) {
  if (opened_ != nullptr && opened_file_ == file) return;
  opened_.reset();
  opened_ = open_record_file(spec_, files_[file]);
  opened_->select(text_.fields());
  opened_file_ = file;
}

std::size_t RecordTable::file_of(std::uint64_t row) const {
  auto const behind = std::upper_bound(offset_.begin(), offset_.end(), row);
  return static_cast<std::size_t>(behind - offset_.begin()) - 1;
}

/// The first row of a rank, moved to the beginning of the piece it is in: alike on every rank that asks.
std::uint64_t RecordTable::share_begin(int rank) {
  std::uint64_t const rows = offset_.back();
  if (rank == comm_.size()) return rows;
  auto const row =
      static_cast<std::uint64_t>(static_cast<unsigned __int128>(rows) * static_cast<unsigned>(rank) /
                                 static_cast<unsigned>(comm_.size()));
  if (row == rows) return rows;
  std::size_t const file = file_of(row);
  open(file);
  return offset_[file] + opened_->piece_begin(row - offset_[file]);
}

std::uint64_t RecordTable::parse(std::uint64_t most) {
  fail_if_planted("read_table", comm_.rank());
  std::uint64_t taken = 0;
  while (taken < most && next_ < end_) {
    std::size_t const file = file_of(next_);
    open(file);
    std::uint64_t const first = next_ - offset_[file];
    std::uint64_t const count =
        std::min({most - taken, end_ - next_, offset_[file + 1] - next_, opened_->rows_together()});
    opened_->read(first, count, values_);
    text_.for_each(values_, count, first + 1, files_[file].path,
                   [&](auto records, TypedFields const& typed) { rows_.add(records, file, &typed); });
    records_of_file_[file] += count;
    if (next_ == begin_) make_room(most);
    next_ += count;
    taken += count;
    progress_.update(static_cast<double>(next_ - begin_), static_cast<double>(end_ - begin_), detail_);
    stop_if_asked();
  }
  return taken;
}

/// Once rows were there: room for all of this rank's. How many there are is what the files say, so that it is
/// believed up to a byte on disk for each; rows that take less let the table grow.
void RecordTable::make_room(std::uint64_t most) {
  std::uint64_t bytes = 0;
  for (auto const& file : files_) bytes += file.bytes;
  auto const a_rank = bytes / static_cast<unsigned>(comm_.size());
  rows_.reserve(static_cast<std::size_t>(std::min({most, end_ - begin_, a_rank})));
}

std::vector<std::pair<std::size_t, BlockDigest*>> RecordTable::part_digests() {
  std::vector<std::pair<std::size_t, BlockDigest*>> parts;
  for (auto& part : digests_) parts.emplace_back(part.file, &part.digest);
  return parts;
}

}  // namespace tessera
