// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/core/key.hpp"
#include "tessera/data/rejects.hpp"
#include "tessera/data/table.hpp"
#include "tessera/io/categories.hpp"
#include "tessera/io/csv_header.hpp"
#include "tessera/io/csv_records.hpp"
#include "tessera/io/parse_field.hpp"
#include "tessera/kernel/csv_decimals.hpp"
#include "tessera/kernel/key_lanes.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// Records as typed rows, column after column over some records at a time. A record gives a whole row or a
/// reject, never a part of a row.
namespace tessera {

class CsvRows {
 public:
  CsvRows(TableSpec const& spec, CsvLayout const& layout, KeyHasher const& hash);
  CsvRows(CsvRows const&) = delete;
  CsvRows& operator=(CsvRows const&) = delete;

  /// Local. Takes data records of files[file], some hundred at a time. Reasons are tried in this order, and
  /// the first one counts: the record as a whole, its quotes, its key, then its columns as configured.
  void add(std::span<CsvRecord const> records, std::size_t file);
  /// Local. Makes room for this many rows at once.
  void reserve(std::size_t rows);

  /// Records taken, accepted or not.
  [[nodiscard]] std::uint64_t records() const noexcept { return records_; }
  [[nodiscard]] std::vector<Reject>& rejects() noexcept { return rejects_; }
  /// [columns] numbers met outside their range.
  [[nodiscard]] std::vector<std::uint64_t> const& out_of_range() const noexcept { return out_of_range_; }

  /// *Collective.* The accepted rows. `first_ordinal`: data records of all lower ranks.
  [[nodiscard]] Table finish(Communicator const& comm, std::uint64_t first_ordinal);

 private:
  struct NumberField {
    std::size_t field;
    std::int32_t column;
    ColumnType type;
    double min, max;
    OutOfRange out_of_range;
    MissingTokens missing;
    std::vector<double> missing_numbers;  // tokens that are numbers
    std::vector<double>* values;
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
  void take_whole(std::span<CsvRecord const> records);
  bool check_record(CsvRecord const& record);
  void parse_keys();
  void parse_numbers(NumberField const& number);
  [[nodiscard]] std::size_t read_numbers(NumberField const& number, double* values);
  [[nodiscard]] double parse_number(NumberField const& number, std::size_t row);
  void hold_to_range(NumberField const& number, double* values);
  void drop_refused();
  void add_category(CategoryField& category);
  void add_id(IdField& id);
  void hash_later(std::string_view id, Key& key);
  void hash_now();
  void hash_ordinals(std::uint64_t first_ordinal);
  void refuse(std::size_t row, std::int32_t column, RejectReason reason);
  void reject(CsvRecord const& record, std::int32_t column, RejectReason reason);
  [[nodiscard]] std::int32_t column_at(std::size_t field) const noexcept;

  CsvLayout layout_;
  KeyHasher hash_;
  kernel::KeyLanes lanes_;
  Table table_;
  MissingTokens missing_key_;
  std::vector<NumberField> numbers_;
  std::vector<CategoryField> categories_;
  std::vector<IdField> ids_;
  std::vector<Reject> rejects_;
  std::vector<std::uint64_t> out_of_range_;
  std::uint64_t records_ = 0;

  // of the records in hand
  std::uint32_t file_ = 0;
  std::vector<CsvRecord> rows_;  // [rows] those that are whole
  std::vector<Key> keys_;        // [rows]; without a key column, low is the ordinal among this rank's records
  std::vector<std::uint8_t> refused_;  // [rows] 1: not to be kept
  bool any_refused_ = false;
  std::vector<kernel::DecimalText> texts_;  // [rows] of the column in hand
  std::vector<std::uint32_t> odd_;          // [rows] rows of the column in hand to be parsed one by one
  std::vector<std::string_view> to_hash_;
  std::vector<Key*> hashed_to_;
  std::vector<Key> hashed_;
  std::string scratch_;
};

}  // namespace tessera
