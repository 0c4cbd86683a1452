// SPDX-License-Identifier: Apache-2.0
#include "tessera/io/read_csv.hpp"

#include "tessera/comm/agree.hpp"
#include "tessera/comm/collectives.hpp"
#include "tessera/core/fault.hpp"
#include "tessera/io/csv_header.hpp"
#include "tessera/io/csv_rows.hpp"
#include "tessera/io/csv_share.hpp"
#include "tessera/io/reject_limit.hpp"

#include <algorithm>

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

/// Once the length of the records is known: room for all rows, a little more so that growing is the
/// exception.
std::size_t expected_rows(CsvShare const& share, CsvRows const& rows, std::uint64_t bytes_parsed) {
  double const rows_a_byte = static_cast<double>(rows.records()) / static_cast<double>(bytes_parsed);
  return static_cast<std::size_t>(1.02 * rows_a_byte * static_cast<double>(share.bytes())) + 1024;
}

/// Local. Parses all records of this rank; returns how many each file has.
std::vector<std::uint64_t> parse(CsvShare& share, CsvStart const& start, std::size_t files, bool has_header,
                                 CsvRows& rows, Progress& progress, std::string const& detail) {
  std::vector<std::uint64_t> records_of_file(files);
  auto const total = static_cast<double>(share.bytes());
  std::uint64_t done = 0;
  bool room_made = false;
  for (std::size_t i = 0; i < share.ranges().size(); ++i) {
    ByteRange const& range = share.ranges()[i];
    std::uint64_t const before = rows.records();
    auto records = share.records(i, start);
    std::uint64_t shown = records.position();
    for (auto some = records.next_together(); !some.empty(); some = records.next_together()) {
      if (records.position() != shown) {
        shown = records.position();
        std::uint64_t const here = std::min(shown, range.end) - range.begin;  // of a compressed file: a guess
        progress.update(static_cast<double>(done + here), total, detail);
        if (!room_made && rows.records() > 0) {
          rows.reserve(expected_rows(share, rows, std::max<std::uint64_t>(done + here, 1)));
          room_made = true;
        }
      }
      bool const is_header = has_header && some.front().number == 1;
      rows.add(some.subspan(is_header ? 1 : 0), range.file);
    }
    records_of_file[range.file] += rows.records() - before;
    done += range.end - range.begin;
  }
  return records_of_file;
}

/// *Collective.* Adds up digests over ranks, some files at a time: 4 KiB a file would be much for many files.
void unite_digests(Communicator const& comm, CsvShare& share, std::vector<InputFile>& files) {
  constexpr std::size_t kFilesAtATime = 256;
  for (std::size_t first = 0; first < files.size(); first += kFilesAtATime) {
    std::size_t const count = std::min(files.size() - first, kFilesAtATime);
    std::vector<std::uint16_t> sums(count * BlockDigest::kLanes);
    auto const sums_of = [&](std::size_t file) {
      return std::span(sums).subspan((file - first) * BlockDigest::kLanes, BlockDigest::kLanes);
    };
    for (std::size_t i = 0; i < share.ranges().size(); ++i) {
      std::size_t const file = share.ranges()[i].file;
      if (file < first || file >= first + count) continue;
      auto const lanes = share.digests()[i].lanes();
      std::copy(lanes.begin(), lanes.end(), sums_of(file).begin());
    }
    all_reduce(comm, std::span(sums), Reduce::sum);
    for (std::size_t file = first; file < first + count; ++file) {
      BlockDigest digest;
      auto const lanes = sums_of(file);
      std::copy(lanes.begin(), lanes.end(), digest.lanes().begin());
      files[file].digest = digest.value();
    }
  }
}

}  // namespace

TableRead read_csv(Communicator const& comm, TableSpec const& spec, KeyHasher const& hash, Progress& progress,
                   CsvPortions const& portions) {
  std::string const what = fmt::format("table '{}'", spec.name);
  CsvDialect const dialect = csv_dialect(spec);
  auto const files = list_files(comm, spec.path, what);
  auto const names = column_names(comm, spec, dialect, files);
  CsvLayout const layout = csv_layout(spec, names);
  bool const has_header = spec.header.empty();

  CsvShare share(files, comm.rank(), comm.size(), dialect, portions);
  together(comm, [&] {
    if (has_header) check_headers(comm, dialect, files, share, names);
    share.scan(progress, fmt::format("scanning {}", what));
  });
  CsvStart const start = start_of(comm, share);

  CsvRows rows(spec, layout, hash);
  auto records_of_file = together(comm, [&] {
    fail_if_planted("read_table", comm.rank());
    return parse(share, start, files.size(), has_header, rows, progress, fmt::format("parsing {}", what));
  });

  TableRead read;
  all_reduce(comm, std::span(records_of_file), Reduce::sum);
  for (std::size_t i = 0; i < files.size(); ++i) {
    read.files.push_back({files[i].path, files[i].bytes, records_of_file[i], {}});
    read.records += records_of_file[i];
  }
  unite_digests(comm, share, read.files);
  read.rejects = std::move(rows.rejects());
  read.rejected = all_reduce(comm, static_cast<std::uint64_t>(read.rejects.size()), Reduce::sum);
  check_reject_limit(comm, spec, read);
  read.out_of_range = rows.out_of_range();
  all_reduce(comm, std::span(read.out_of_range), Reduce::sum);
  read.table = rows.finish(comm, exclusive_scan(comm, rows.records()));
  return read;
}

}  // namespace tessera
