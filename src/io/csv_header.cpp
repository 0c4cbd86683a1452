// SPDX-License-Identifier: Apache-2.0
#include "tessera/io/csv_header.hpp"

#include "tessera/comm/agree.hpp"
#include "tessera/comm/text.hpp"
#include "tessera/core/nearest_name.hpp"
#include "tessera/io/csv_records.hpp"
#include "tessera/io/csv_text.hpp"
#include "tessera/io/text_encoding.hpp"

#include <algorithm>
#include <optional>
#include <set>

#include <fmt/format.h>

namespace tessera {

namespace {

constexpr char const* kNoNames = "without the names of the columns no field can be told from another";

InputError bad_header(FileEntry const& file, std::string_view how) {
  return {fmt::format("the header of '{}' {}", file.path, how), kNoNames,
          "repair the header, or set 'header' to the names of all columns where the files have none"};
}

/// Where a name stands a second time, if any does.
std::optional<std::size_t> repeated(std::span<std::string const> names) {
  std::set<std::string_view> seen;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (!seen.insert(names[i]).second) return i;
  }
  return std::nullopt;
}

constexpr char const* kAmbiguous = "a name that stands for two columns cannot say which one is meant";

/// A first record that holds no name that is asked for may well be a customer, and is not to be shown.
bool is_header(TableSpec const& spec, std::span<std::string const> names) {
  auto const has = [&](std::string const& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
  };
  return (!spec.key.empty() && has(spec.key)) ||
         std::any_of(spec.columns.begin(), spec.columns.end(),
                     [&](ColumnSpec const& column) { return has(column.field()); });
}

std::size_t field_of(std::string const& column, std::string_view role, TableSpec const& spec,
                     std::span<std::string const> names) {
  auto const found = std::find(names.begin(), names.end(), column);
  if (found != names.end()) return static_cast<std::size_t>(found - names.begin());
  if (!is_header(spec, names)) {
    throw InputError(
        fmt::format("table '{}' has no {} '{}', and none of the other columns that are asked for", spec.name,
                    role, column),
        "the first record of the files is no header, or not this table's",
        "set 'header' to the names of all columns where the files have none; correct 'delimiter' "
        "where all columns seem to be one");
  }
  throw InputError(fmt::format("table '{}' has no {} '{}'; the nearest of its {} columns is '{}'", spec.name,
                               role, column, names.size(), nearest_name(column, names)),
                   "the configuration asks for data that the files do not have",
                   "correct the name; where all columns seem to be one, correct 'delimiter'");
}

}  // namespace

std::vector<std::string> read_header(FileEntry const& file, CsvDialect const& dialect) {
  constexpr std::size_t kWindowBytes = 16 << 10;
  CsvRecords records(open_content(file), file.path, dialect, {}, 0, kWindowBytes);
  CsvRecord record;
  if (!records.next(record))
    throw bad_header(file, file.bytes == 0 ? "is missing: the file is empty" : "is empty");
  if (record.text().find('\0') != std::string_view::npos)
    throw bad_header(file, "holds a NUL byte (is it UTF-16?)");
  TextDecoder decoder(dialect.encoding);
  if (!decoder.is_valid(record.text()))
    throw bad_header(file, fmt::format("is not valid {}", to_string(dialect.encoding)));
  std::vector<std::string> names;
  std::string scratch;
  for (std::size_t i = 0; i < record.fields(); ++i) {
    if (record.has_quote(i) && !is_well_quoted(record.field(i))) throw bad_header(file, "has a stray quote");
    auto const field = record.has_quote(i) ? unquoted(record.field(i), scratch) : record.field(i);
    (void)decoder.decode(field, names.emplace_back());
  }
  if (auto const column = repeated(names)) {
    // not its name: where there is no header, that is a customer's value
    throw InputError(
        fmt::format("the header of '{}' has the name of column {} twice", file.path, *column + 1), kAmbiguous,
        "rename one of them in the export, or set 'header' where the files have none");
  }
  return names;
}

void check_header(FileEntry const& file, CsvDialect const& dialect, FileEntry const& first_file,
                  std::span<std::string const> names) {
  auto const own = read_header(file, dialect);
  if (std::equal(own.begin(), own.end(), names.begin(), names.end())) return;
  auto const [mine, other] = std::mismatch(own.begin(), own.end(), names.begin(), names.end());
  // not what it is: where this part has no header, that is a customer's value
  throw InputError(
      fmt::format("the header of '{}' differs from that of '{}': column {} is {}{}", file.path,
                  first_file.path, mine - own.begin() + 1,
                  mine == own.end()      ? "missing"
                  : other == names.end() ? "one too many"
                                         : "not ",
                  mine == own.end() || other == names.end() ? "" : fmt::format("'{}'", *other)),
      "the parts of a table are read as one, so their columns must be the same, in the same order",
      "export the parts alike, or declare them as two tables");
}

std::vector<std::string> column_names(Communicator const& comm, TableSpec const& spec,
                                      CsvDialect const& dialect, std::span<FileEntry const> files) {
  if (auto const column = repeated(spec.header)) {
    throw ConfigurationError(
        fmt::format("the 'header' of table '{}' has the column '{}' twice", spec.name, spec.header[*column]),
        kAmbiguous, "give every column of the files a name of its own");
  }
  if (!spec.header.empty()) return spec.header;
  auto const names = together(comm, [&] {
    return comm.rank() == 0 ? read_header(files.front(), dialect) : std::vector<std::string>();
  });
  return broadcast_texts(comm, names, 0);
}

CsvLayout csv_layout(TableSpec const& spec, std::span<std::string const> names) {
  CsvLayout layout;
  layout.fields = names.size();
  if (!spec.key.empty()) layout.key = field_of(spec.key, "key column", spec, names);
  for (auto const& column : spec.columns)
    layout.columns.push_back(field_of(column.field(), "column", spec, names));
  return layout;
}

}  // namespace tessera
