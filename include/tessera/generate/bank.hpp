// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/comm/communicator.hpp"
#include "tessera/core/progress.hpp"
#include "tessera/generate/bank_spec.hpp"
#include "tessera/io/result_file.hpp"
#include "tessera/io/table_writer.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// A synthetic bank in a folder: `<quarter>/<table>/part-<number>.csv`, and `truth/` with what was planted.
/// Bytes follow from the specification, the parts and the format alone.
namespace tessera::generate {

struct BankFiles {
  std::string folder{};
  unsigned parts = 16;  ///< of each table; each has a run of customers
  TableFileFormat format = TableFileFormat::csv;
  Existing existing = Existing::refuse;
  /// A file of the bank's folder and what is in it.
  struct Extra {
    std::string name, content;
  };
  std::vector<Extra> extra{};
};

struct TableTotal {
  std::string quarter, table;
  std::uint64_t rows = 0;
  std::uint64_t bytes = 0;
};

/// *Collective.* Writes the bank and returns the rows of each table. Ranks share out the parts; a rank holds
/// one customer and, for each table of each quarter, what waits to be written: a MiB of CSV, 8,192 rows of
/// HDF5. Throws ConfigurationError when the folder is not empty and may not be replaced or holds no bank,
/// ResourceError when the disk is full; then nothing of the bank is left.
std::vector<TableTotal> generate_bank(Communicator const& comm, BankSpec const& spec, BankFiles const& files,
                                      Progress& progress);

/// *Local.* About what generate_bank will write, from some thousand customers.
[[nodiscard]] std::vector<TableTotal> expected_sizes(BankSpec const& spec, TableFileFormat format);

/// Local. Throws ConfigurationError, naming the command line's option, where a bank cannot be made so.
void check(BankSpec const& spec, BankFiles const& files);

/// Local. The name of a part of a table in the bank's folder; part -1: a pattern of all.
[[nodiscard]] std::string part_name(std::string_view quarter, std::string_view table, TableFileFormat format,
                                    int part);

}  // namespace tessera::generate
