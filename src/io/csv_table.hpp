// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/comm/communicator.hpp"
#include "tessera/core/progress.hpp"
#include "tessera/io/byte_source.hpp"
#include "tessera/io/csv_header.hpp"
#include "tessera/io/csv_rows.hpp"
#include "tessera/io/csv_share.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "table_parser.hpp"

/// The files of a table in CSV while they are parsed.
namespace tessera {

class CsvTable final : public TableParser {
 public:
  /// *Collective.* Opens the files, checks their headers and finds where this rank's part begins.
  CsvTable(Communicator const& comm, TableSpec const& spec, KeyHasher const& hash, Progress& progress,
           CsvPortions const& portions, std::uint64_t listed_rejects);

  std::uint64_t parse(std::uint64_t most) override;
  [[nodiscard]] CsvRows& rows() noexcept override { return rows_; }

 private:
  void make_room(std::uint64_t most);
  [[nodiscard]] std::vector<std::pair<std::size_t, BlockDigest*>> part_digests() override;

  Progress& progress_;
  std::string detail_;
  CsvDialect dialect_;
  std::vector<std::string> names_;
  CsvShare share_;
  CsvStart start_;
  CsvRows rows_;

  // of the part
  std::size_t range_ = 0;              // in hand or next
  std::optional<CsvRecords> records_;  // of the range in hand
  std::uint64_t shown_ = 0;            // position in it when progress was last told
  std::uint64_t bytes_before_ = 0;     // of the ranges before
};

}  // namespace tessera
