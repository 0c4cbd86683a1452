// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/comm/communicator.hpp"
#include "tessera/core/digest.hpp"
#include "tessera/core/key.hpp"
#include "tessera/core/progress.hpp"
#include "tessera/data/rejects.hpp"
#include "tessera/data/table.hpp"
#include "tessera/io/csv_portions.hpp"
#include "tessera/io/table_spec.hpp"

#include <cstdint>
#include <string>
#include <vector>

/// Tables read in parallel: every rank parses its own byte ranges of the concatenated files.
namespace tessera {

/// One input file, for provenance.
struct InputFile {
  std::string path;
  std::uint64_t bytes = 0;    ///< on disk
  std::uint64_t records = 0;  ///< data records, rejected ones included; the header is not counted
  Digest digest{};            ///< BlockDigest of its bytes in blocks of kDigestBlockBytes
};

struct TableRead {
  Table table;  ///< accepted rows of this rank in file order; not placed yet
  std::vector<Reject>
      rejects;  ///< of this rank, in file order; concatenated over ranks they are in file order
  std::vector<InputFile> files;             ///< the same on every rank
  std::uint64_t records = 0;                ///< data records over all ranks = accepted + rejected
  std::uint64_t rejected = 0;               ///< over all ranks
  std::vector<std::uint64_t> out_of_range;  ///< [columns] numbers outside their range, over all ranks and all
                                            ///< records, whatever was done about them
};

/// *Collective.* Reads the columns that `spec` names. Throws InputError for missing or unreadable files,
/// records that cannot be told apart (unterminated quote, over-long record), columns that are not there, no
/// data record at all, and more rejects than allowed. Memory of a rank: its rows, eight digest blocks and, of
/// CSV, its part of the files that it shares with other ranks where that is at most portions.keep_bytes, and
/// a window of at most max_record_bytes + 2 window_bytes with 4 bytes of marks a byte.
[[nodiscard]] TableRead read_table(Communicator const& comm, TableSpec const& spec, KeyHasher const& hash,
                                   Progress& progress = Progress::silent(), CsvPortions const& portions = {});

}  // namespace tessera
