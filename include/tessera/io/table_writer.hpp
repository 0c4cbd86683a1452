// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

/// Writes one file of a table row by row, in bounded memory, on one rank: CSV, or HDF5 with a dataset for
/// each column. The file has a temporary name until it is whole.
namespace tessera {

enum class FieldType {
  text,     ///< UTF-8 of at most `width` bytes; missing: empty
  integer,  ///< missing: an empty field, or NaN in HDF5, where a column that may miss values is float64
  decimal,  ///< a number with `digits` decimals; HDF5: float64
  date,     ///< 2026-09-30, in both formats
};

struct TableField {
  std::string name{};
  FieldType type = FieldType::text;
  std::uint32_t width = 0;   ///< bytes of the longest text
  std::uint32_t digits = 0;  ///< decimals of a number
  bool optional = false;     ///< may be missing
  std::string meaning{};     ///< for people
};

struct TableLayout {
  std::string name;
  std::string meaning;  ///< what a row is
  std::vector<TableField> fields;
};

enum class TableFileFormat { csv, hdf5 };

/// Takes the fields of a row in the order of the layout, then end_row(). All functions are *Local*. What is
/// written may be held back; a full disk throws ResourceError at the latest in commit().
class TableWriter {
 public:
  TableWriter() = default;
  virtual ~TableWriter() = default;
  TableWriter(TableWriter const&) = delete;
  TableWriter& operator=(TableWriter const&) = delete;

  virtual void text(std::string_view value) = 0;
  /// A letter and a number: the id of something.
  virtual void id(char letter, std::uint64_t number) = 0;
  virtual void integer(std::int64_t value) = 0;
  /// `value` counts units of 10^-digits of the layout: cents of an amount of two decimals.
  virtual void decimal(std::int64_t value) = 0;
  /// Days since 1970-01-01.
  virtual void date(std::int32_t day) = 0;
  virtual void missing() = 0;
  virtual void end_row() = 0;
  /// Flushes to disk and gives the file its name.
  virtual void commit() = 0;

  [[nodiscard]] std::uint64_t rows() const noexcept { return rows_; }

 protected:
  std::uint64_t rows_ = 0;
};

/// Local. A new file; throws ConfigurationError when it exists or cannot be made. CSV has a header record.
/// HDF5 has a group of the table's name with one dataset a column, in chunks; its bytes depend on the rows
/// alone.
[[nodiscard]] std::unique_ptr<TableWriter> open_table(std::string const& path, TableLayout const& layout,
                                                      TableFileFormat format);

/// Local. The header record of a CSV file.
[[nodiscard]] std::string csv_header(TableLayout const& layout);

/// Rows as CSV text in memory, for who writes it on.
class TableText {
 public:
  explicit TableText(TableLayout const& layout);
  ~TableText();
  [[nodiscard]] TableWriter& writer() noexcept;
  /// Local. The rows since the last call.
  [[nodiscard]] std::string take();

 private:
  class Keep;
  std::unique_ptr<Keep> keep_;
};

/// Counts what a table would take, and keeps nothing.
class TableSize {
 public:
  explicit TableSize(TableLayout const& layout, TableFileFormat format);
  ~TableSize();
  [[nodiscard]] TableWriter& writer() noexcept { return *writer_; }
  [[nodiscard]] std::uint64_t rows() const noexcept { return writer_->rows(); }
  /// Without the header record of a CSV file and the metadata of an HDF5 file.
  [[nodiscard]] std::uint64_t bytes() const;

 private:
  class Discard;
  std::unique_ptr<Discard> discard_;
  TableWriter* writer_;
  std::uint64_t hdf5_bytes_a_row_;
};

}  // namespace tessera
