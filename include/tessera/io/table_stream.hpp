// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/comm/communicator.hpp"
#include "tessera/core/key.hpp"
#include "tessera/core/progress.hpp"
#include "tessera/data/rejects.hpp"
#include "tessera/data/table.hpp"
#include "tessera/io/csv_portions.hpp"
#include "tessera/io/read_table.hpp"
#include "tessera/io/table_spec.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

/// Tables with many rows a customer: read in rounds, so that a rank never holds more than one round of them,
/// however long the table is.
namespace tessera {

struct StreamOptions {
  std::uint64_t rows_a_round = 1 << 18;    ///< records that a rank parses for a round
  std::uint64_t listed_rejects = 1 << 12;  ///< over all ranks, the first in file order; all are counted
  CsvPortions portions;
};

/// A table read in rounds of bounded size. Neither what a round holds nor the codes of categories may reach a
/// result: both depend on the number of ranks.
class TableStream {
 public:
  /// *Collective.* Opens the files and checks their headers. Throws as read_table, and ConfigurationError for
  /// a table without a key.
  TableStream(Communicator const& comm, TableSpec const& spec, KeyHasher const& hash, Progress& progress,
              StreamOptions const& options = {});
  ~TableStream();
  TableStream(TableStream const&) = delete;
  TableStream& operator=(TableStream const&) = delete;

  /// *Collective.* The next rows of this rank, perhaps none; false when every rank has had all its rows.
  /// Codes of category columns mean the same in every round and on every rank; they are explained by
  /// categories(), not by the columns.
  [[nodiscard]] bool next(Table& rows);

  /// Local. The values met so far in a category column of the specification, in the order of their codes,
  /// which is not the order of the values. Grows with the rounds; the same on every rank.
  [[nodiscard]] std::vector<std::string> const& categories(std::size_t column) const;

  /// Local. Sets rows of the last round (ascending) aside, because of their key: they count as rejected.
  void reject(std::span<std::uint32_t const> rows, RejectReason reason);

  /// *Collective.* After the last round: files, rejects and records, with an empty table. Throws InputError
  /// above the reject limit.
  [[nodiscard]] TableRead finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tessera
