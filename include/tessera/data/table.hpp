// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/core/key.hpp"
#include "tessera/data/row_blocks.hpp"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

/// Typed columns of a table, distributed by rows.
namespace tessera {

enum class ColumnType { integer, real, category, date, datetime, id };

/// Numbers, dates (days since 1970-01-01) and datetimes (seconds since then, UTC) as doubles; NaN is missing.
struct NumberColumn {
  std::vector<double> values;  ///< [rows]
};
inline constexpr double kMissingNumber = std::numeric_limits<double>::quiet_NaN();

/// Codes into a dictionary that is the same on every rank and ordered by value.
struct CategoryColumn {
  std::vector<std::int32_t> codes;      ///< [rows]; kMissingCode is missing
  std::vector<std::string> categories;  ///< ascending by bytes
};
inline constexpr std::int32_t kMissingCode = -1;

/// Hashed ids.
struct KeyColumn {
  std::vector<std::optional<Key>> keys;  ///< [rows]; nullopt is missing
};

struct Column {
  std::string name;
  ColumnType type = ColumnType::real;
  std::variant<NumberColumn, CategoryColumn, KeyColumn> data;
};

struct Table {
  std::string name;
  RowBlocks blocks;             ///< meaningful once the rows are placed
  std::vector<Key> keys;        ///< [rows] customer of each row; ascending once placed
  std::vector<Column> columns;  ///< in configuration order

  [[nodiscard]] std::size_t rows() const noexcept { return keys.size(); }
  /// Local. The column of this name. Throws BugError where there is none: configurations are checked first.
  [[nodiscard]] Column const& column(std::string_view column_name) const;
};

}  // namespace tessera
