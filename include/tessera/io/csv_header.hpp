// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/comm/communicator.hpp"
#include "tessera/io/csv_dialect.hpp"
#include "tessera/io/file_list.hpp"
#include "tessera/io/table_spec.hpp"

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// The names of a table's columns, and where the wanted ones stand in a record.
namespace tessera {

/// Local. The names in record 1 of a file. Throws InputError where there is none, or one that cannot be a
/// header.
[[nodiscard]] std::vector<std::string> read_header(FileEntry const& file, CsvDialect const& dialect);

/// Local. Throws InputError where the header of a part file is not that of the first file.
void check_header(FileEntry const& file, CsvDialect const& dialect, FileEntry const& first_file,
                  std::span<std::string const> names);

/// *Collective.* The names of all columns: those of the configuration, or the header of the first file.
/// Throws ConfigurationError where the configuration has a name twice, InputError as above.
[[nodiscard]] std::vector<std::string> column_names(Communicator const& comm, TableSpec const& spec,
                                                    CsvDialect const& dialect,
                                                    std::span<FileEntry const> files);

struct CsvLayout {
  std::size_t fields = 0;            ///< of every record
  std::optional<std::size_t> key;    ///< field of the key; none: ordinals are ids
  std::vector<std::size_t> columns;  ///< [spec.columns] field of each
};

/// Local. Throws InputError that names the nearest column where the key or a declared column is not among
/// `names`.
[[nodiscard]] CsvLayout csv_layout(TableSpec const& spec, std::span<std::string const> names);

}  // namespace tessera
