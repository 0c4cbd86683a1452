// SPDX-License-Identifier: Apache-2.0
#include "tessera/io/record_file.hpp"

#include "tessera/core/error.hpp"
#include "tessera/io/csv_dialect.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>

#include "hdf5_records.hpp"
#include "parquet_records.hpp"
#include <fmt/format.h>

namespace tessera {

std::string_view text_of(FieldValues const& values, std::size_t row, std::string& scratch) {
  scratch.clear();
  if (values.is_missing(row)) return {};
  auto const out = std::back_inserter(scratch);
  switch (values.kind) {
    case FieldValues::Kind::texts:
      return values.texts[row];
    case FieldValues::Kind::naturals:
      fmt::format_to(out, "{}", static_cast<std::uint64_t>(values.integers[row]));
      return scratch;
    case FieldValues::Kind::integers: {
      auto const name = values.names.find(values.integers[row]);
      if (name != values.names.end()) return name->second;
      fmt::format_to(out, "{}", values.integers[row]);
      return scratch;
    }
    default: {
      constexpr double kExact = 0x1p53;
      double const value = values.reals[row];
      if (std::abs(value) <= kExact && value == std::trunc(value)) {
        fmt::format_to(out, "{}", static_cast<std::int64_t>(value));
      } else {
        fmt::format_to(out, "{}", value);
      }
      return scratch;
    }
  }
}

std::unique_ptr<RecordFile> open_record_file(TableSpec const& spec, FileEntry const& file) {
  check_record_limit(spec);
  if (spec.format == TableFormat::hdf5) return open_hdf5_records(spec, file);
  if (spec.format == TableFormat::parquet) return open_parquet_records(spec, file);
  throw BugError("a table format without records");
}

std::vector<std::string> wanted_fields(TableSpec const& spec) {
  std::vector<std::string> fields;
  auto const want = [&](std::string const& name) {
    if (!name.empty() && std::find(fields.begin(), fields.end(), name) == fields.end())
      fields.push_back(name);
  };
  want(spec.key);
  for (auto const& column : spec.columns) want(column.field());
  return fields;
}

}  // namespace tessera
