// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/io/csv_rows.hpp"
#include "tessera/io/record_file.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// Typed records as CsvRows takes them: numbers as they are stored, beside a text of the fields that are read
/// as text. So a value means the same in every format: what is missing, out of range or an id.
namespace tessera {

class RecordText {
 public:
  /// `fields`: what RecordFile::read gives. max_record_bytes has passed check_record_limit.
  RecordText(TableSpec const& spec, std::vector<std::string> fields);

  [[nodiscard]] std::vector<std::string> const& fields() const noexcept { return fields_; }

  /// Local. Calls add(records, typed) for the rows of `values`, some thousand at a time; `first_number` is
  /// the number of the first record. Throws InputError, which names the file by `path`, for a record whose
  /// texts together are longer than max_record_bytes.
  template <class Add>
  void for_each(std::span<FieldValues const> values, std::uint64_t rows, std::uint64_t first_number,
                std::string const& path, Add const& add) {
    for (std::uint64_t row = 0; row < rows;) {
      std::uint64_t const end = fill(values, row, rows, first_number, path);
      add(std::span<CsvRecord const>(records_), typed_);
      row = end;
    }
  }

 private:
  std::uint64_t fill(std::span<FieldValues const> values, std::uint64_t first, std::uint64_t rows,
                     std::uint64_t first_number, std::string const& path);
  void append_record(std::span<FieldValues const> values, std::uint64_t row, CsvRecord& record,
                     std::string const& path);
  void fill_numbers(std::span<FieldValues const> values, std::uint64_t first, std::uint64_t count);
  void append_text(FieldValues const& values, std::size_t field, std::uint64_t row);

  TableSpec const& spec_;
  std::vector<std::string> fields_;
  std::vector<std::size_t> field_of_;  // [columns]
  std::vector<std::uint8_t> as_text_;  // [fields] 1: a column reads text, whatever is stored
  std::vector<std::size_t> digits_;  // [fields] that numbers are filled up to, as dates by pattern want them

  std::string window_, scratch_;
  std::vector<std::uint32_t> marks_;  // [records x fields]
  std::vector<CsvRecord> records_;
  std::vector<std::vector<double>> numbers_;        // [columns]
  std::vector<std::vector<std::uint8_t>> missing_;  // [fields]
  std::vector<std::span<double const>> number_spans_;
  std::vector<std::span<std::uint8_t const>> missing_spans_;
  TypedFields typed_;
};

}  // namespace tessera
