// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/comm/communicator.hpp"
#include "tessera/core/digest.hpp"
#include "tessera/core/progress.hpp"
#include "tessera/io/csv_portions.hpp"
#include "tessera/io/csv_rows.hpp"
#include "tessera/io/file_list.hpp"
#include "tessera/io/read_table.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

/// The files of a table while they are parsed, whatever their format: at once (read_whole) or some records at
/// a time (TableStream).
namespace tessera {

class TableParser {
 public:
  virtual ~TableParser() = default;
  TableParser(TableParser const&) = delete;
  TableParser& operator=(TableParser const&) = delete;

  /// Local. Parses the next records of this rank's part, about so many, into rows(). Returns how many there
  /// were, headers included; none: the part is done.
  virtual std::uint64_t parse(std::uint64_t most) = 0;
  [[nodiscard]] virtual CsvRows& rows() noexcept = 0;

  /// *Collective.* Once every part is done: files, records and rejects. Throws InputError above the reject
  /// limit.
  [[nodiscard]] TableRead finish();

 protected:
  /// *Collective.* Lists the files.
  TableParser(Communicator const& comm, TableSpec const& spec);

  /// Of what this rank read: the file and its digest, at most one a file.
  [[nodiscard]] virtual std::vector<std::pair<std::size_t, BlockDigest*>> part_digests() = 0;

  Communicator comm_;
  TableSpec const& spec_;
  std::vector<FileEntry> files_;
  std::vector<std::uint64_t> records_of_file_;

 private:
  void unite_digests(std::vector<InputFile>& files);
};

/// *Collective.* The parser of the table's format; `spec` must outlive it.
[[nodiscard]] std::unique_ptr<TableParser> open_table(Communicator const& comm, TableSpec const& spec,
                                                      KeyHasher const& hash, Progress& progress,
                                                      CsvPortions const& portions,
                                                      std::uint64_t listed_rejects);

/// *Collective.* The whole table at once.
[[nodiscard]] TableRead read_whole(Communicator const& comm, TableSpec const& spec, TableParser& parser);

}  // namespace tessera
