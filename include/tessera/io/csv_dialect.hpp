// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/io/table_spec.hpp"
#include "tessera/kernel/csv_scan.hpp"

#include <cstdint>

/// How the text of a table is cut into records and fields.
namespace tessera {

struct CsvDialect {
  char delimiter = ',';
  kernel::Quotes quotes = kernel::Quotes::enclose;
  std::uint64_t max_record_bytes = 1 << 20;  ///< without the line end
  Encoding encoding = Encoding::utf8;
};

/// Local. Throws ConfigurationError for a delimiter or a record limit that cannot work.
[[nodiscard]] CsvDialect csv_dialect(TableSpec const& spec);

/// Local. Throws ConfigurationError for a max_record_bytes that cannot work, in whatever format.
void check_record_limit(TableSpec const& spec);

}  // namespace tessera
