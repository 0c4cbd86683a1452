// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/io/csv_rows.hpp"
#include "tessera/io/record_file.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "file_digests.hpp"
#include "record_text.hpp"
#include "table_parser.hpp"

/// The files of a table in HDF5 or Parquet while they are read. Rows are shared out by their number.
namespace tessera {

class RecordTable final : public TableParser {
 public:
  /// *Collective.* Counts the rows of all files, each looked at by one rank, and takes this rank's share.
  RecordTable(Communicator const& comm, TableSpec const& spec, KeyHasher const& hash, Progress& progress,
              CsvPortions const& portions, std::uint64_t listed_rejects);

  std::uint64_t parse(std::uint64_t most) override;
  [[nodiscard]] CsvRows& rows() noexcept override { return rows_; }

 private:
  [[nodiscard]] std::vector<std::pair<std::size_t, BlockDigest*>> part_digests() override;
  void count_rows();
  void open(std::size_t file);
  void make_room(std::uint64_t most);
  [[nodiscard]] std::size_t file_of(std::uint64_t row) const;
  [[nodiscard]] std::uint64_t share_begin(int rank);

  Progress& progress_;
  std::string detail_;
  RecordText text_;
  CsvRows rows_;
  std::vector<PartDigest> digests_;
  std::vector<std::uint64_t> offset_;             // [files + 1] of the rows of each file among all
  std::uint64_t begin_ = 0, next_ = 0, end_ = 0;  // of this rank's rows
  std::unique_ptr<RecordFile> opened_;
  std::size_t opened_file_ = 0;
  std::vector<FieldValues> values_;
};

}  // namespace tessera
