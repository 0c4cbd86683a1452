// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/core/key.hpp"
#include "tessera/data/rejects.hpp"
#include "tessera/data/table.hpp"
#include "tessera/io/categories.hpp"
#include "tessera/io/csv_header.hpp"
#include "tessera/io/csv_records.hpp"
#include "tessera/io/parse_field.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// Records as typed rows. A record gives a whole row or a reject, never a part of a row.
namespace tessera {

class CsvRows {
 public:
  CsvRows(TableSpec const& spec, CsvLayout const& layout, KeyHasher const& hash);
  CsvRows(CsvRows const&) = delete;
  CsvRows& operator=(CsvRows const&) = delete;

  /// Local. Takes one data record of files[file]. Reasons are tried in this order, and the first one counts:
  /// the record as a whole, its quotes, its key, then its columns as configured.
  void add(CsvRecord const& record, std::size_t file);
  /// Local. Makes room for this many rows at once.
  void reserve(std::size_t rows);

  /// Records taken, accepted or not.
  [[nodiscard]] std::uint64_t records() const noexcept { return records_; }
  [[nodiscard]] std::vector<Reject>& rejects() noexcept { return rejects_; }

  /// *Collective.* The accepted rows. `first_ordinal`: data records of all lower ranks.
  [[nodiscard]] Table finish(Communicator const& comm, std::uint64_t first_ordinal);

 private:
  struct NumberField {
    std::size_t field;
    std::int32_t column;
    ColumnType type;
    double min, max;
    MissingTokens missing;
    std::vector<double>* values;
    double value;  // of the row in hand
  };
  struct CategoryField {
    std::size_t field;
    MissingTokens missing;
    CategoryColumn* column;
    LocalDictionary dictionary;
  };
  struct IdField {
    std::size_t field;
    MissingTokens missing;
    KeyColumn* column;
  };

  void declare(TableSpec const& spec, std::size_t column);
  [[nodiscard]] std::string_view text(CsvRecord const& record, std::size_t field);
  bool check_record(CsvRecord const& record);
  bool parse_key(CsvRecord const& record);
  bool parse_numbers(CsvRecord const& record);
  bool reject(CsvRecord const& record, std::int32_t column, RejectReason reason);
  [[nodiscard]] std::int32_t column_at(std::size_t field) const noexcept;

  CsvLayout layout_;
  KeyHasher hash_;
  Table table_;
  MissingTokens missing_key_;
  std::vector<NumberField> numbers_;
  std::vector<CategoryField> categories_;
  std::vector<IdField> ids_;
  std::vector<Reject> rejects_;
  std::uint64_t records_ = 0;
  std::uint32_t file_ = 0;  // of the record in hand
  Key key_;  // of the row in hand; without a key column, low is the ordinal among this rank's records
  std::string scratch_;
};

}  // namespace tessera
