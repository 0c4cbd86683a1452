// SPDX-License-Identifier: Apache-2.0
#include "tessera/io/csv_dialect.hpp"

#include "tessera/core/error.hpp"
#include "tessera/io/text_encoding.hpp"

#include <fmt/format.h>

namespace tessera {

CsvDialect csv_dialect(TableSpec const& spec) {
  auto const code = static_cast<unsigned char>(spec.delimiter);
  if (code == 0 || code >= 0x80 || code == '"' || code == '\n' || code == '\r') {
    throw ConfigurationError(
        fmt::format("the delimiter of table '{}' is the character with code {}", spec.name, code),
        "quotes, line ends, NUL and parts of longer characters cannot separate fields",
        "set 'delimiter' to one ASCII character, such as ',', ';', '|' or a tab");
  }
  if (!is_safe_delimiter(spec.delimiter, spec.encoding)) {
    throw ConfigurationError(fmt::format("the delimiter of table '{}' is '{}', and its encoding {}",
                                         spec.name, spec.delimiter, to_string(spec.encoding)),
                             "there the second byte of a Chinese character may be one of 0 to 9 or @ to ~, "
                             "so the delimiter may be "
                             "half a character",
                             "export with ',', ';' or a tab between fields, or as UTF-8");
  }
  check_record_limit(spec);
  return {spec.delimiter, spec.quoted ? kernel::Quotes::enclose : kernel::Quotes::ordinary,
          spec.max_record_bytes, spec.encoding};
}

void check_record_limit(TableSpec const& spec) {
  constexpr std::uint64_t kLongest = 256 << 20;  // a window and a record in hand are addressed by 29 bits
  if (spec.max_record_bytes > 0 && spec.max_record_bytes <= kLongest) return;
  throw ConfigurationError(fmt::format("max_record_bytes of table '{}' is {} (must be 1 to {})", spec.name,
                                       spec.max_record_bytes, kLongest),
                           "it bounds the memory that one record may take",
                           "set 'max_record_bytes' within these limits");
}

}  // namespace tessera
