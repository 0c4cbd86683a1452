// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/data/condition.hpp"
#include "tessera/data/table.hpp"
#include "tessera/io/table_spec.hpp"
#include "tessera/prep/customer_rows.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

/// Aggregates: what the rows of a many-per-customer table say about each customer, folded as the rows arrive.
/// docs/features.md defines each with its formula. Nothing depends on the order in which rows arrive: sums
/// are exact, ties are broken by value.
namespace tessera {

namespace detail {
struct AggregateState;
}

enum class Aggregate {
  none,  ///< a column of the customers' own table
  count,
  sum,
  mean,
  min,
  max,
  std,
  distinct,
  share,
  recency,
  active_months,
  gap,
  frequency,
  trend,
  ratio,
  first,
  last,
  time_mean,
};

struct AggregateSpec {
  std::string name;  ///< of the customers' column that it becomes
  Aggregate kind = Aggregate::count;
  std::string column;                 ///< what is aggregated; its missing values do not count
  std::vector<Condition> where;       ///< which rows count
  std::vector<std::string> category;  ///< for share
  std::optional<std::int32_t> as_of;  ///< days since 1970-01-01; rows after it are never used
  std::uint64_t window_days = 0;      ///< as_of - window_days < day <= as_of; 0: all rows until as_of
  std::uint64_t against_days = 0;     ///< for ratio: the window before that one; 0: as long
};

/// Local. Throws ConfigurationError, naming the aggregate, unless it can be computed from columns that the
/// table declares.
void check_aggregate(TableSpec const& table, AggregateSpec const& spec);

/// Local. What the aggregate's column holds. Precondition: as checked.
[[nodiscard]] ColumnType aggregate_type(TableSpec const& table, AggregateSpec const& spec);

/// The values of a category column by code.
using Dictionaries = std::function<std::vector<std::string> const&(std::size_t column)>;

/// The customers of one rank, while the rows of one table are folded into their aggregates. Memory: a row of
/// accumulators a customer (`bytes_a_customer`; docs/features.md says how many are whose), and for distinct,
/// gap and time_mean 8 to 24 bytes for each distinct value, day or day of change of a customer beyond what a
/// bitset of 64 values or 384 days holds.
class AggregateFold {
 public:
  /// Local. `specs`: of this table, each checked. `customers`: the rank's number of customers.
  AggregateFold(TableSpec const& table, std::vector<AggregateSpec> specs, std::size_t customers);
  ~AggregateFold();
  AggregateFold(AggregateFold&&) noexcept;
  AggregateFold& operator=(AggregateFold&&) noexcept;

  /// Local. What the rows of accumulators take of each customer.
  [[nodiscard]] std::size_t bytes_a_customer() const noexcept;

  /// Local. Folds rows of the table's columns. Throws InputError for a value of 2^47 (1.4e14) or more that
  /// would be added. `dictionaries` only grow from call to call.
  void add(CustomerRows const& rows, Dictionaries const& dictionaries);

  /// Local. One column an aggregate, [customers], in the order of the specifications. A first or last value
  /// of a category is a category, dates stay dates, all else is numbers. Throws InputError where a customer
  /// has 2^32 rows or more, or opens a time_mean's window with a balance of 2^47 or more.
  [[nodiscard]] std::vector<Column> finish();

  /// Local. Rows of this rank so far that came after the latest as_of, which no aggregate uses.
  [[nodiscard]] std::uint64_t rows_after_as_of() const noexcept;
  /// Local. Rows of this rank so far whose date is missing: no aggregate can tell that they lie before as_of.
  [[nodiscard]] std::uint64_t rows_without_date() const noexcept;
  /// Local. Values that conditions or shares name and that no record of the table had so far, whoever's it is
  /// and whenever, as "column = value": the same on every rank.
  [[nodiscard]] std::vector<std::string> values_never_met() const;

 private:
  std::unique_ptr<detail::AggregateState> state_;
};

}  // namespace tessera
