// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/data/condition.hpp"
#include "tessera/data/table.hpp"
#include "tessera/io/table_spec.hpp"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <vector>

/// Which rows of a table count for an aggregate: its conditions, its window, and a value to aggregate.
namespace tessera::detail {

/// A filter as configured; aggregates with equal ones share it.
struct RowFilterSpec {
  struct OnColumn {
    std::size_t column;
    std::vector<std::string> values;                         ///< of a category; empty: any
    double min = -std::numeric_limits<double>::infinity();   ///< inclusive, in the column's units
    double below = std::numeric_limits<double>::infinity();  ///< exclusive
    bool operator==(OnColumn const&) const = default;
  };
  std::vector<OnColumn> conditions;    ///< by column
  std::optional<std::size_t> present;  ///< column without whose value a row does not count
  /// after < day <= until; rows without a date count only where neither bound is set.
  std::optional<std::int32_t> after, until;
  bool operator==(RowFilterSpec const&) const = default;
};

/// Conditions and shares on category columns, as tables over codes that grow with the dictionaries.
class CodeSet {
 public:
  CodeSet(std::size_t column, std::vector<std::string> values);

  [[nodiscard]] std::size_t column() const noexcept { return column_; }
  void extend(std::vector<std::string> const& dictionary);
  /// Precondition: the code's value was in a dictionary. A missing value belongs to no set.
  [[nodiscard]] std::uint8_t contains(std::int32_t code) const noexcept {
    return contains_[static_cast<std::size_t>(code + 1)];
  }
  [[nodiscard]] std::vector<std::string> values_never_met() const;

 private:
  std::size_t column_;
  std::vector<std::string> values_;
  std::vector<bool> met_;                  // [values_]
  std::vector<std::uint8_t> contains_{0};  // [codes + 1], the first for what is missing
};

class RowFilter {
 public:
  explicit RowFilter(RowFilterSpec spec);

  [[nodiscard]] RowFilterSpec const& spec() const noexcept { return spec_; }
  [[nodiscard]] std::vector<CodeSet>& code_sets() noexcept { return sets_; }
  [[nodiscard]] std::vector<CodeSet> const& code_sets() const noexcept { return sets_; }

  /// Which of the rows [first, first + mask.size()) count: 1 or 0. `days`: of all rows; empty for a table
  /// without dates.
  void evaluate(std::vector<Column> const& columns, std::span<std::int32_t const> days, std::size_t first,
                std::span<std::uint8_t> mask) const;

 private:
  RowFilterSpec spec_;
  std::vector<CodeSet> sets_;  // one for each condition on a category
};

/// Local. The filter of these conditions. Columns are known to be there.
[[nodiscard]] RowFilterSpec row_filter_spec(TableSpec const& table, std::vector<Condition> const& where,
                                            std::optional<std::size_t> present);

/// Local. Values that the filters' conditions name and that no record of the table had so far, each once, as
/// "column = value".
[[nodiscard]] std::vector<std::string> values_never_met(TableSpec const& table,
                                                        std::span<RowFilter const> filters);

/// Local. The table's column of this name, or nothing.
[[nodiscard]] std::optional<std::size_t> index_of_column(TableSpec const& table, std::string const& name);

}  // namespace tessera::detail
