// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/core/key.hpp"
#include "tessera/data/rejects.hpp"
#include "tessera/data/table.hpp"
#include "tessera/io/categories.hpp"
#include "tessera/io/csv_header.hpp"
#include "tessera/io/csv_records.hpp"
#include "tessera/io/id_batch.hpp"
#include "tessera/io/number_parser.hpp"
#include "tessera/io/parse_field.hpp"
#include "tessera/io/reject_list.hpp"
#include "tessera/io/text_encoding.hpp"
#include "tessera/kernel/csv_decimals.hpp"
#include "tessera/kernel/key_lanes.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Records as typed rows, column after column over some records at a time. A record gives a whole row or a
/// reject, never a part of a row.
namespace tessera {

/// Where a row comes from.
struct RowPlace {
  std::uint64_t record;  ///< as in Reject
  std::uint32_t file;
};

/// What a file of typed values tells of its records beside their text.
struct TypedFields {
  /// [columns of the specification] [records] the column's numbers, dates as days, datetimes as seconds, NaN
  /// where missing; empty: the text is to be read.
  std::span<std::span<double const> const> numbers;
  /// [fields] [records] 1: there is no value, whatever the text is.
  std::span<std::span<std::uint8_t const> const> missing;
};

class CsvRows {
 public:
  /// `listed_rejects`: how many rejects are listed with their places.
  CsvRows(TableSpec const& spec, CsvLayout const& layout, KeyHasher const& hash,
          std::uint64_t listed_rejects);
  CsvRows(CsvRows const&) = delete;
  CsvRows& operator=(CsvRows const&) = delete;

  /// Local. Takes data records of files[file], some hundred at a time. Reasons are tried in this order, and
  /// the first one counts: the record as a whole, its quotes, its key, its numbers, then its categories.
  void add(std::span<CsvRecord const> records, std::size_t file, TypedFields const* typed = nullptr);
  /// Local. Makes room for this many rows at once.
  void reserve(std::size_t rows);
  /// Local. From now on, take_places() tells where each accepted row comes from.
  void keep_places() noexcept { keeps_places_ = true; }
  /// Local. From now on, take_ids() has the keys of accepted rows as text, for read_ids alone. There must be
  /// a key column.
  void keep_ids() noexcept { keeps_ids_ = true; }

  /// Records taken, accepted or not.
  [[nodiscard]] std::uint64_t records() const noexcept { return records_; }
  [[nodiscard]] RejectList& rejects() noexcept { return rejects_; }
  /// The key's place among the columns, -1 where it is no column or there is no key.
  [[nodiscard]] std::int32_t key_column() const noexcept {
    return layout_.key ? column_at(*layout_.key) : -1;
  }
  /// [columns] numbers met outside their range.
  [[nodiscard]] std::vector<std::uint64_t> const& out_of_range() const noexcept { return out_of_range_; }

  /// Local. Without a key column: the keys of the rows, from their ordinals. `first_ordinal`: data records of
  /// all lower ranks.
  void hash_ordinals(std::uint64_t first_ordinal);
  /// *Collective.* The rows accepted since the last call. Codes of categories mean the same on every rank and
  /// in every call; columns do not say what.
  [[nodiscard]] Table take(Communicator const& comm);
  /// Local. The places of those rows; to be asked for before them.
  [[nodiscard]] std::vector<RowPlace> take_places() noexcept { return std::exchange(places_, {}); }
  /// Local. The ids of the rows accepted since the last call.
  [[nodiscard]] IdBatch take_ids() noexcept { return std::exchange(kept_ids_, {}); }
  /// Local. The values of a category column of the specification, in the order of their codes: ascending by
  /// bytes within what one call of take() added.
  [[nodiscard]] std::vector<std::string> const& categories(std::size_t column) const;

 private:
  struct NumberField {
    std::size_t field;
    std::int32_t column;
    NumberParser parser;
    double min, max;
    OutOfRange out_of_range;
    MissingTokens missing;
    std::vector<double> missing_numbers;  // tokens that are numbers
    std::vector<double>* values;
  };
  struct CategoryField {
    std::size_t field;
    std::size_t index;  // of the column
    MissingTokens missing;
    CategoryColumn* column;
    LocalDictionary dictionary;
    std::optional<DatePattern> sex;  // of the birth number in the field
  };
  struct IdField {
    std::size_t field;
    MissingTokens missing;
    KeyColumn* column;
  };

  void declare(TableSpec const& spec, std::size_t column);
  void declare_number(TableSpec const& spec, std::size_t column);
  [[nodiscard]] std::string_view text(CsvRecord const& record, std::size_t field);
  void take_whole(std::span<CsvRecord const> records);
  bool check_record(CsvRecord const& record);
  void parse_keys();
  void parse_numbers(NumberField const& number);
  [[nodiscard]] std::size_t read_numbers(NumberField const& number, double* values);
  [[nodiscard]] double parse_number(NumberField const& number, std::size_t row);
  void take_numbers(NumberField const& number, std::span<double const> typed, double* values);
  [[nodiscard]] bool is_missing(MissingTokens const& tokens, std::size_t row, std::size_t field,
                                std::string_view value) const noexcept;
  void hold_to_range(NumberField const& number, double* values);
  void drop_refused();
  void check_category(CategoryField const& category);
  void add_category(CategoryField& category);
  void add_id(IdField& id);
  void hash_later(std::string_view id, Key& key);
  void hash_now();
  void refuse(std::size_t row, std::int32_t column, RejectReason reason);
  void reject(CsvRecord const& record, std::int32_t column, RejectReason reason);
  [[nodiscard]] std::int32_t column_at(std::size_t field) const noexcept;

  CsvLayout layout_;
  KeyHasher hash_;
  kernel::KeyLanes lanes_;
  Table table_;
  TextDecoder decoder_;
  MissingTokens missing_key_;
  std::vector<NumberField> numbers_;
  std::vector<CategoryField> categories_;
  std::vector<IdField> ids_;
  RejectList rejects_;
  std::vector<std::uint64_t> out_of_range_;
  std::uint64_t records_ = 0;
  bool keeps_places_ = false, keeps_ids_ = false;
  std::vector<RowPlace> places_;  // [rows] of the table
  IdBatch kept_ids_;

  // of the records in hand
  std::uint32_t file_ = 0;
  std::vector<CsvRecord> rows_;  // [rows] those that are whole
  std::vector<Key> keys_;        // [rows]; without a key column, low is the ordinal among this rank's records
  std::vector<std::uint8_t> refused_;  // [rows] 1: not to be kept
  bool any_refused_ = false;
  TypedFields const* typed_ = nullptr;
  std::vector<std::uint32_t> picked_;  // [rows] which of the typed records
  std::vector<Reject> new_rejects_;
  std::vector<kernel::DecimalText> texts_;  // [rows] of the column in hand
  std::vector<std::uint32_t> odd_;          // [rows] rows of the column in hand to be parsed one by one
  std::vector<std::string_view> to_hash_;
  std::vector<Key*> hashed_to_;
  std::vector<Key> hashed_;
  std::string scratch_, decoded_;
};

}  // namespace tessera
