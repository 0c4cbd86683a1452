// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/comm/communicator.hpp"
#include "tessera/data/rejects.hpp"
#include "tessera/data/table.hpp"
#include "tessera/io/read_table.hpp"
#include "tessera/io/table_spec.hpp"
#include "tessera/prep/place.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// The account of a table's cleaning: what every column holds, what was done to it, and how it is
/// distributed, so that the next run can tell whether it has drifted.
namespace tessera {

/// Counts of a column in bins that another run can count in again. Of a number: between the exact deciles. Of
/// a category: by value.
struct BinCounts {
  std::vector<double> lower;          ///< of a number: [bins] ascending inclusive lower edges, the first -inf
  std::vector<std::string> category;  ///< of a category: [bins] ascending
  std::vector<std::uint64_t> count;   ///< [bins]
  std::uint64_t missing = 0;
  std::uint64_t rest = 0;  ///< of a category: customers of any other value
};

/// Categories that a distribution tells apart; the less frequent are its rest.
inline constexpr std::size_t kMostBins = 1000;

struct ColumnQuality {
  std::string name;
  ColumnType type = ColumnType::real;
  std::uint64_t out_of_range = 0;  ///< values read outside [min, max], whatever was done about them
  std::uint64_t rejected = 0;      ///< records rejected for this column
  std::uint64_t cleaned = 0;       ///< rows whose category was trimmed, folded, mapped or made missing
  std::uint64_t folded = 0;        ///< customers whose rare category became another
  std::uint64_t missing = 0;       ///< customers without a value in the end
  std::uint64_t distinct = 0;      ///< different values in the end, exactly
  BinCounts distribution;          ///< of customers; empty for ids
  std::optional<double> drift;     ///< population stability index since a previous run, where it can be told
};

struct RejectCount {
  std::int32_t column;  ///< index into the table's columns; -1: the record as a whole
  RejectReason reason;
  std::uint64_t records;
};

struct TableQuality {
  std::string name;
  std::uint64_t records = 0, rejected = 0;  ///< read, and set aside of those
  std::uint64_t duplicates = 0;             ///< rows dropped because another has the same id
  std::uint64_t rows = 0;                   ///< customers that are left
  std::vector<ColumnQuality> columns;       ///< as configured
  std::vector<RejectCount> rejects;         ///< by column and reason, those that occur
};

/// *Collective.* Cleans the categories of a table as it was read, and begins its account.
[[nodiscard]] TableQuality clean_table(Communicator const& comm, TableRead& read, TableSpec const& spec);

/// *Collective.* Folds rare categories of the placed customers, and completes the account. Columns that have
/// been made since the table was read, of other tables' rows, join it.
void account_for(Communicator const& comm, Placed& placed, TableSpec const& spec, TableQuality& quality);

/// *Collective.* How a column is distributed over its own deciles or categories; ids are not.
[[nodiscard]] BinCounts distribution_of(Communicator const& comm, Column const& column);

/// *Collective.* The same column in the bins of another distribution. All of a column of another kind is
/// the rest.
[[nodiscard]] BinCounts counted_again(Communicator const& comm, Column const& column, BinCounts const& bins);

/// Local. The population stability index from one to the other, over the bins, the missing and the rest.
/// Precondition: they have the same bins.
[[nodiscard]] double drift_between(BinCounts const& before, BinCounts const& now);

}  // namespace tessera
