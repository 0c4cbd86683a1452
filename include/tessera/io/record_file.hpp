// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/io/file_list.hpp"
#include "tessera/io/table_spec.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// Part files of a table whose values are stored with their types: HDF5 and Parquet.
namespace tessera {

/// One field of some rows.
struct FieldValues {
  enum class Kind { integers, naturals, reals, texts };
  enum class Unit { none, days, seconds };  ///< since 1970-01-01
  Kind kind = Kind::reals;
  Unit unit = Unit::none;
  std::vector<std::int64_t> integers;         ///< [rows]; naturals: the bits of uint64
  std::vector<double> reals;                  ///< [rows]; NaN is missing
  std::vector<std::string_view> texts;        ///< [rows]; until the next rows are read
  std::vector<std::uint8_t> missing;          ///< [rows] 1: there is no value; empty: all rows have one
  std::map<std::int64_t, std::string> names;  ///< of integers that stand for words; empty: numbers

  [[nodiscard]] bool is_missing(std::size_t row) const noexcept {
    return (!missing.empty() && missing[row] != 0) || (kind == Kind::reals && reals[row] != reals[row]);
  }
};

/// Local. The value as text: a text as it is, a whole number in decimal digits, another number in the fewest
/// digits that read back to it, a word for its number; empty where it is missing.
[[nodiscard]] std::string_view text_of(FieldValues const& values, std::size_t row, std::string& scratch);

/// One part file. All functions are Local and throw InputError, which names the file.
class RecordFile {
 public:
  virtual ~RecordFile() = default;

  [[nodiscard]] virtual std::uint64_t rows() const = 0;
  /// Fields of a record, in the order of the file.
  [[nodiscard]] virtual std::vector<std::string> const& names() const = 0;
  /// The first row of the piece that `row` is in, where the file is only read piece by piece.
  [[nodiscard]] virtual std::uint64_t piece_begin(std::uint64_t row) const { return row; }
  /// Says which fields read() gives. They are checked: there, of a type that can be read, of one length.
  virtual void select(std::span<std::string const> fields) = 0;
  /// How many rows read() should be asked for at most.
  [[nodiscard]] virtual std::uint64_t rows_together() const = 0;
  /// Rows [first, first + count) of the selected fields: [fields].
  virtual void read(std::uint64_t first, std::uint64_t count, std::vector<FieldValues>& fields) = 0;
};

/// Local. Opens a part file of a table that is not text. Throws InputError for a file that is not of its
/// format, ConfigurationError where this build cannot read the format and for a max_record_bytes that cannot
/// work.
[[nodiscard]] std::unique_ptr<RecordFile> open_record_file(TableSpec const& spec, FileEntry const& file);

/// Local. The fields that the table is made of, each once: what a file of it has to have.
[[nodiscard]] std::vector<std::string> wanted_fields(TableSpec const& spec);

}  // namespace tessera
