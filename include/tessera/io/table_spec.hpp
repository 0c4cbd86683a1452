// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/data/table.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

/// What a configuration says about one input table.
namespace tessera {

enum class TableFormat { csv };
enum class Duplicates { error, first, last };
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
};

struct TableSpec {
  std::string name;
  std::vector<std::string> path;  ///< files or globs; files are read in the order of their sorted paths
  TableFormat format = TableFormat::csv;
  char delimiter = ',';
  bool quoted = true;  ///< double quotes enclose fields (RFC 4180); false: quotes are ordinary characters
  std::vector<std::string> header;  ///< names of all columns in order, for files that have no header record
  std::string key;                  ///< id column; empty: a row's ordinal is its id
  Duplicates duplicates = Duplicates::error;
  std::string order_by;              ///< column that orders duplicates
  double max_reject_fraction = 0.0;  ///< rejects / records above which the run stops
  std::uint64_t max_record_bytes =
      1 << 20;  ///< a longer record is an error: most likely a lost quote or line end
  std::uint64_t max_categories = 100'000;  ///< distinct values of a category column
  std::vector<ColumnSpec> columns;         ///< what is read; other columns of the file are skipped
};

}  // namespace tessera
