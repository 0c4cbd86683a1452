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
  Encoding encoding = Encoding::utf8;
};

/// Local. Throws ConfigurationError for a delimiter or a record limit that cannot work.
[[nodiscard]] CsvDialect csv_dialect(TableSpec const& spec);

/// Portions; results do not depend on them, except for the digest on digest_block_bytes.
struct CsvPortions {
  std::size_t window_bytes =
      1 << 18;  ///< read and parsed at a time; with its marks in the second-level cache
  std::size_t digest_block_bytes = kDigestBlockBytes;
  std::uint64_t keep_bytes =
      64 << 20;  ///< parts of files shared with other ranks are read once, not twice, up to this
};

}  // namespace tessera
