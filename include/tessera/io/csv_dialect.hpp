// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/io/read_table.hpp"
#include "tessera/io/table_spec.hpp"
#include "tessera/kernel/csv_scan.hpp"

#include <cstddef>
#include <cstdint>

/// How the text of a table is cut into records and fields, and in what portions it is read.
namespace tessera {

struct CsvDialect {
  char delimiter = ',';
  kernel::Quotes quotes = kernel::Quotes::enclose;
  std::uint64_t max_record_bytes = 1 << 20;  ///< without the line end
};

/// Local. Throws ConfigurationError for a delimiter or a record limit that cannot work.
[[nodiscard]] CsvDialect csv_dialect(TableSpec const& spec);

/// Portions; results do not depend on them, except for the digest on digest_block_bytes.
struct CsvPortions {
  std::size_t window_bytes = 1 << 20;  ///< read and parsed at a time; small enough for the second-level cache
  std::size_t digest_block_bytes = kDigestBlockBytes;
  std::uint64_t keep_bytes =
      64 << 20;  ///< a rank whose share is at most this reads its files once, not twice
};

}  // namespace tessera
