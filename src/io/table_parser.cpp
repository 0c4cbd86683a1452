// SPDX-License-Identifier: Apache-2.0
#include "table_parser.hpp"

#include "tessera/comm/agree.hpp"
#include "tessera/comm/collectives.hpp"
#include "tessera/io/reject_limit.hpp"

#include <algorithm>
#include <limits>
#include <span>
#include <utility>

#include "csv_table.hpp"
#include "record_table.hpp"
#include <fmt/format.h>

namespace tessera {

TableParser::TableParser(Communicator const& comm, TableSpec const& spec)
    : comm_(comm),
      spec_(spec),
      files_(list_files(comm, spec.path, fmt::format("table '{}'", spec.name))),
      records_of_file_(files_.size()) {}

TableRead TableParser::finish() {
  TableRead read;
  all_reduce(comm_, std::span(records_of_file_), Reduce::sum);
  for (std::size_t i = 0; i < files_.size(); ++i) {
    read.files.push_back({files_[i].path, files_[i].bytes, records_of_file_[i], {}});
    read.records += records_of_file_[i];
  }
  unite_digests(read.files);

  RejectList& rejects = rows().rejects();
  read.rejected = all_reduce(comm_, rejects.count(), Reduce::sum);
  read.rejects = std::move(rejects.listed());
  auto const before = exclusive_scan(comm_, static_cast<std::uint64_t>(read.rejects.size()));
  auto const listed = rejects.most() - std::min(rejects.most(), before);
  if (read.rejects.size() > listed) read.rejects.resize(static_cast<std::size_t>(listed));
  check_reject_limit(comm_, spec_, read);
  read.out_of_range = rows().out_of_range();
  all_reduce(comm_, std::span(read.out_of_range), Reduce::sum);
  return read;
}

/// *Collective.* Adds up digests over ranks, some files at a time: 4 KiB a file would be much for many files.
void TableParser::unite_digests(std::vector<InputFile>& files) {
  constexpr std::size_t kFilesAtATime = 256;
  auto const parts = part_digests();
  for (std::size_t first = 0; first < files.size(); first += kFilesAtATime) {
    std::size_t const count = std::min(files.size() - first, kFilesAtATime);
    std::vector<std::uint16_t> sums(count * BlockDigest::kLanes);
    auto const sums_of = [&](std::size_t file) {
      return std::span(sums).subspan((file - first) * BlockDigest::kLanes, BlockDigest::kLanes);
    };
    for (auto const& [file, digest] : parts) {
      if (file < first || file >= first + count) continue;
      auto const lanes = digest->lanes();
      std::copy(lanes.begin(), lanes.end(), sums_of(file).begin());
    }
    all_reduce(comm_, std::span(sums), Reduce::sum);
    for (std::size_t file = first; file < first + count; ++file) {
      BlockDigest digest;
      auto const lanes = sums_of(file);
      std::copy(lanes.begin(), lanes.end(), digest.lanes().begin());
      files[file].digest = digest.value();
    }
  }
}

std::unique_ptr<TableParser> open_table(Communicator const& comm, TableSpec const& spec,
                                        KeyHasher const& hash, Progress& progress,
                                        CsvPortions const& portions, std::uint64_t listed_rejects) {
  if (spec.format == TableFormat::csv)
    return std::make_unique<CsvTable>(comm, spec, hash, progress, portions, listed_rejects);
  return std::make_unique<RecordTable>(comm, spec, hash, progress, portions, listed_rejects);
}

TableRead read_whole(Communicator const& comm, TableSpec const& spec, TableParser& parser) {
  constexpr auto kAll = std::numeric_limits<std::uint64_t>::max();
  together(comm, [&] { parser.parse(kAll); });
  TableRead read = parser.finish();
  CsvRows& rows = parser.rows();
  if (spec.key.empty()) rows.hash_ordinals(exclusive_scan(comm, rows.records()));
  read.table = rows.take(comm);
  for (std::size_t i = 0; i < read.table.columns.size(); ++i) {
    if (auto* const column = std::get_if<CategoryColumn>(&read.table.columns[i].data)) {
      column->categories = rows.categories(i);
    }
  }
  return read;
}

}  // namespace tessera
