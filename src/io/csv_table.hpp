// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/comm/communicator.hpp"
#include "tessera/core/progress.hpp"
#include "tessera/io/byte_source.hpp"
#include "tessera/io/csv_header.hpp"
#include "tessera/io/csv_rows.hpp"
#include "tessera/io/csv_share.hpp"
#include "tessera/io/read_table.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// The files of a table in CSV while they are parsed: at once (read_csv) or some records at a time
/// (TableStream).
namespace tessera {

class CsvTable {
 public:
  /// *Collective.* Opens the files, checks their headers and finds where this rank's part begins.
  CsvTable(Communicator const& comm, TableSpec const& spec, KeyHasher const& hash, Progress& progress,
           CsvPortions const& portions, std::uint64_t listed_rejects);

  /// Local. Parses the next records of this rank's part, at most so many, into rows(). Returns how many there
  /// were, headers included; none: the part is done.
  std::uint64_t parse(std::uint64_t most);
  [[nodiscard]] CsvRows& rows() noexcept { return rows_; }

  /// *Collective.* Once every part is done: files, records and rejects. Throws InputError above the reject
  /// limit.
  [[nodiscard]] TableRead finish();

 private:
  void make_room(std::uint64_t most);
  void unite_digests(std::vector<InputFile>& files);

  Communicator comm_;
  TableSpec const& spec_;
  Progress& progress_;
  std::string detail_;
  CsvDialect dialect_;
  std::vector<FileEntry> files_;
  std::vector<std::string> names_;
  CsvShare share_;
  CsvStart start_;
  CsvRows rows_;
  std::vector<std::uint64_t> records_of_file_;

  // of the part
  std::size_t range_ = 0;              // in hand or next
  std::optional<CsvRecords> records_;  // of the range in hand
  std::uint64_t shown_ = 0;            // position in it when progress was last told
  std::uint64_t bytes_before_ = 0;     // of the ranges before
};

}  // namespace tessera
