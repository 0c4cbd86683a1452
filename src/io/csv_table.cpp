// SPDX-License-Identifier: Apache-2.0
#include "csv_table.hpp"

#include "tessera/comm/agree.hpp"
#include "tessera/comm/collectives.hpp"
#include "tessera/core/fault.hpp"
#include "tessera/core/stop.hpp"

#include <algorithm>
#include <span>
#include <utility>

#include <fmt/format.h>

namespace tessera {

namespace {

/// Local. Every part file that this rank begins has the header of the first; an empty one has none.
void check_headers(Communicator const& comm, CsvDialect const& dialect, std::span<FileEntry const> files,
                   CsvShare const& share, std::span<std::string const> names) {
  for (auto const& range : share.ranges()) {
    if (range.begin == 0) check_header(files[range.file], dialect, files.front(), names);
  }
  for (auto const& file : files) {
    if (comm.rank() == 0 && file.bytes == 0) check_header(file, dialect, files.front(), names);
  }
}

/// *Collective.* How the first of this rank's ranges starts.
CsvStart start_of(Communicator const& comm, CsvShare const& share) {
  auto const tails = all_gather(comm, share.tail());
  if (share.ranges().empty()) return {};
  return csv_start(std::span(tails).first(static_cast<std::size_t>(comm.rank())), share.ranges().front());
}

/// A dialect that cannot be is told before any file is looked for.
TableSpec const& with_dialect(TableSpec const& spec) {
  static_cast<void>(csv_dialect(spec));
  return spec;
}

}  // namespace

CsvTable::CsvTable(Communicator const& comm, TableSpec const& spec, KeyHasher const& hash, Progress& progress,
                   CsvPortions const& portions, std::uint64_t listed_rejects)
    : TableParser(comm, with_dialect(spec)),
      progress_(progress),
      detail_(fmt::format("parsing table '{}'", spec.name)),
      dialect_(csv_dialect(spec)),
      names_(column_names(comm, spec, dialect_, files_)),
      share_(files_, comm.rank(), comm.size(), dialect_, portions),
      rows_(spec, csv_layout(spec, names_), hash, listed_rejects) {
  together(comm, [&] {
    if (spec.header.empty()) check_headers(comm, dialect_, files_, share_, names_);
    share_.scan(progress, fmt::format("scanning table '{}'", spec.name));
  });
  start_ = start_of(comm, share_);
}

std::uint64_t CsvTable::parse(std::uint64_t most) {
  fail_if_planted("read_table", comm_.rank());
  auto const total = static_cast<double>(share_.bytes());
  bool room_made = false;
  std::uint64_t taken = 0;
  while (taken < most && range_ < share_.ranges().size()) {
    ByteRange const& range = share_.ranges()[range_];
    if (!records_) {
      records_.emplace(share_.records(range_, start_));
      shown_ = records_->position();
    }
    auto const some = records_->next_together(
        static_cast<std::size_t>(std::min<std::uint64_t>(most - taken, CsvRecords::kMostTogether)));
    if (some.empty()) {
      records_.reset();
      bytes_before_ += range.end - range.begin;
      ++range_;
      continue;
    }
    if (records_->position() != shown_) {
      shown_ = records_->position();
      std::uint64_t const here = std::min(shown_, range.end) - range.begin;  // of a compressed file: a guess
      progress_.update(static_cast<double>(bytes_before_ + here), total, detail_);
      stop_if_asked();
      if (!std::exchange(room_made, rows_.records() > 0) && rows_.records() > 0) make_room(most);
    }
    bool const is_header = spec_.header.empty() && some.front().number == 1;
    auto const data = some.subspan(is_header ? 1 : 0);
    rows_.add(data, range.file);
    records_of_file_[range.file] += data.size();
    taken += some.size();
  }
  return taken;
}

/// Once the length of the records is known: room for all rows, a little more so that growing is the
/// exception.
void CsvTable::make_room(std::uint64_t most) {
  ByteRange const& range = share_.ranges()[range_];
  std::uint64_t const parsed = bytes_before_ + std::min(shown_, range.end) - range.begin;
  double const rows_a_byte =
      static_cast<double>(rows_.records()) / static_cast<double>(std::max<std::uint64_t>(parsed, 1));
  auto const expected =
      static_cast<std::uint64_t>(1.02 * rows_a_byte * static_cast<double>(share_.bytes())) + 1024;
  rows_.reserve(static_cast<std::size_t>(std::min(expected, most)));
}

std::vector<std::pair<std::size_t, BlockDigest*>> CsvTable::part_digests() {
  std::vector<std::pair<std::size_t, BlockDigest*>> parts;
  for (std::size_t i = 0; i < share_.ranges().size(); ++i)
    parts.emplace_back(share_.ranges()[i].file, &share_.digests()[i]);
  return parts;
}

}  // namespace tessera
