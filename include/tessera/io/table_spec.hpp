// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/data/condition.hpp"
#include "tessera/data/table.hpp"
#include "tessera/io/date_pattern.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// What a configuration says about one input table.
namespace tessera {

enum class TableFormat { csv, hdf5, parquet };
enum class Encoding { utf8, gb18030, gbk, latin1 };
enum class Duplicates { error, first, last };
/// What of a field a column holds.
enum class FieldPart { whole, sex };
/// Who gets a row whose link has several customers.
enum class Owners { first, all };
/// What happens to a number outside its column's range.
enum class OutOfRange { reject, missing, clamp };

/// Categories that few customers have become one.
struct RareSpec {
  double min_share = 0.01;  ///< of the customers with a value; below it a category is rare
  std::string name = "other";
};

struct ColumnSpec {
  std::string name;
  ColumnType type = ColumnType::category;
  std::optional<double> min, max;                ///< inclusive
  std::vector<std::string> missing{""};          ///< fields that mean "no value"
  OutOfRange out_of_range = OutOfRange::reject;  ///< rejecting a value rejects its row
  bool trim = true;                              ///< blanks around categories; numbers always, ids never
  bool fold_case = false;                        ///< categories in lower case
  std::map<std::string, std::string> map{};      ///< categories by others, after trimming and folding
  std::optional<RareSpec> rare{};                ///< of a category column
  std::optional<double> max_missing{};           ///< share above which the run stops, instead of the
                                                 ///< quality gate's
  std::string source{};       ///< field of the files that the column is read from; empty: `name`
  std::string date_format{};  ///< of a date or datetime, see DatePattern; empty: as in ISO 8601
  int century_pivot = DatePattern::kDefaultPivot;  ///< two-digit years below it are of this century
  FieldPart part = FieldPart::whole;               ///< sex: of a category column, by date_format
  bool sensitive = false;  ///< of use for aggregates only: never written for single customers

  [[nodiscard]] std::string const& field() const noexcept { return source.empty() ? name : source; }
};

struct TableSpec {
  std::string name;
  std::vector<std::string> path;  ///< files or globs; files are read in the order of their sorted paths
  TableFormat format = TableFormat::csv;
  std::string dataset;  ///< of HDF5: a dataset of records, or a group of columns
  char delimiter = ',';
  bool quoted = true;  ///< double quotes enclose fields (RFC 4180); false: quotes are ordinary characters
  Encoding encoding = Encoding::utf8;
  char decimal = '.';               ///< mark before the fraction of a number
  std::string thousands;            ///< mark between groups of three digits; empty: none
  std::vector<std::string> header;  ///< names of all columns in order, for files that have no header record
  std::string key;                  ///< id column; empty: a row's ordinal is its id
  Duplicates duplicates = Duplicates::error;
  std::string order_by;  ///< column that orders duplicates, or the owners of a link
  std::string date;      ///< date or datetime column that says when a row happened, for aggregates
  std::string via;  ///< bridge that tells whose rows with this key are; empty: the key is the customer's id
  Owners owners = Owners::first;     ///< with via
  std::string link;                  ///< of a bridge: id column of what belongs to the customer
  std::vector<Condition> where;      ///< of a bridge: rows that are links
  double max_reject_fraction = 0.0;  ///< rejects / records above which the run stops
  std::uint64_t max_record_bytes =
      1 << 20;  ///< a longer record is an error: most likely a lost quote or line end
  std::uint64_t max_categories = 100'000;  ///< distinct values of a category column
  std::vector<ColumnSpec> columns;         ///< what is read; other columns of the file are skipped

  /// Local. Whether a column of this name holds the ids: whatever it is called, it is read from their field.
  [[nodiscard]] bool holds_key(std::string_view column) const noexcept {
    if (key.empty()) return false;
    for (auto const& declared : columns) {
      if (declared.name == column) return declared.field() == key;
    }
    return column == key;
  }
};

}  // namespace tessera
