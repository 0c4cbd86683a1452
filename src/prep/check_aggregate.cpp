// SPDX-License-Identifier: Apache-2.0
#include "tessera/core/error.hpp"
#include "tessera/core/nearest_name.hpp"
#include "tessera/prep/aggregate.hpp"

#include <algorithm>

#include "row_filter.hpp"
#include <fmt/format.h>

namespace tessera {

namespace {

enum class Needs { nothing, optional_column, number, ordered, category, any_column, value_in_time };

Needs needs_of(Aggregate kind) {
  switch (kind) {
    case Aggregate::none:
      return Needs::nothing;
    case Aggregate::count:
    case Aggregate::recency:
    case Aggregate::active_months:
    case Aggregate::gap:
    case Aggregate::frequency:
      return Needs::optional_column;
    case Aggregate::sum:
    case Aggregate::mean:
    case Aggregate::std:
    case Aggregate::trend:
    case Aggregate::time_mean:
    case Aggregate::ratio:
      return Needs::number;
    case Aggregate::min:
    case Aggregate::max:
      return Needs::ordered;
    case Aggregate::share:
      return Needs::category;
    case Aggregate::distinct:
      return Needs::any_column;
    case Aggregate::first:
    case Aggregate::last:
      return Needs::value_in_time;
  }
  throw BugError("an aggregate of no kind");
}

bool needs_time(AggregateSpec const& spec) {
  switch (spec.kind) {
    case Aggregate::recency:
    case Aggregate::active_months:
    case Aggregate::gap:
    case Aggregate::frequency:
    case Aggregate::trend:
    case Aggregate::ratio:
    case Aggregate::first:
    case Aggregate::last:
    case Aggregate::time_mean:
      return true;
    default:
      return spec.window_days > 0;
  }
}

class Checker {
 public:
  Checker(TableSpec const& table, AggregateSpec const& spec) : table_(table), spec_(spec) {}

  void check() const {
    check_column();
    check_time();
    check_keys();
    for (auto const& condition : spec_.where) check_condition(condition);
  }

 private:
  [[noreturn]] void refuse(std::string const& what, std::string const& why, std::string const& remedy) const {
    throw ConfigurationError(fmt::format("feature \"{}\": {}", spec_.name, what), why, remedy);
  }

  ColumnSpec const& column(std::string const& name, std::string const& key) const {
    std::vector<std::string> names;
    for (auto const& declared : table_.columns) {
      if (declared.name == name) return declared;
      names.push_back(declared.name);
    }
    refuse(fmt::format("{} = \"{}\" (table \"{}\" declares no such column)", key, name, table_.name),
           "only declared columns are read",
           names.empty() ? fmt::format("declare [table.column.{}]", name)
                         : fmt::format("declare [table.column.{}], or did you mean \"{}\"?", name,
                                       nearest_name(name, names)));
  }

  void check_column() const {
    auto const needs = needs_of(spec_.kind);
    if (spec_.column.empty()) {
      if (needs == Needs::optional_column || spec_.kind == Aggregate::ratio) return;
      refuse("column is missing", "the aggregate is one of a column's values",
             fmt::format("name a column of table \"{}\"", table_.name));
    }
    auto const type = column(spec_.column, "column").type;
    bool const number = type == ColumnType::integer || type == ColumnType::real;
    bool const date = type == ColumnType::date || type == ColumnType::datetime;
    auto const require = [&](bool fits, std::string const& kind, std::string const& why) {
      if (!fits)
        refuse(fmt::format("column = \"{}\" (the column is not {})", spec_.column, kind), why,
               "name another column, or choose another aggregate");
    };
    switch (needs) {
      case Needs::number:
        return require(number, "a number of type int or float", "its values are added");
      case Needs::ordered:
        return require(number || date, "a number or date", "its values are compared");
      case Needs::category:
        return require(type == ColumnType::category, "a category", "shares are shares of categories");
      case Needs::value_in_time:
        return require(type != ColumnType::id, "a number, date or category",
                       "ids of customers are not carried on");
      default:
        return;
    }
  }

  void check_time() const {
    if (needs_time(spec_) && table_.date.empty()) {
      refuse(fmt::format("table \"{}\" has no date", table_.name), "the aggregate goes by time",
             "name the column that dates the rows: date = \"COLUMN\" in the [[table]]");
    }
    if (!table_.date.empty() && !spec_.as_of) {
      refuse(fmt::format("there is no as_of, and table \"{}\" has dates", table_.name),
             "rows after the reference day would tell what could not be known then",
             "set run.as_of, or as_of of the feature");
    }
  }

  void check_keys() const {
    if ((spec_.kind == Aggregate::share) == spec_.category.empty()) {
      refuse(spec_.category.empty() ? "share needs category" : "category is for aggregate = \"share\"",
             "a share is that of the rows with one of these categories",
             "list the categories that count, or leave the key out");
    }
    if (spec_.kind == Aggregate::ratio && spec_.window_days == 0) {
      refuse("ratio needs window_days", "it compares a window with the one before",
             "set window_days, or make a ratio of two features: ratio = [\"A\", \"B\"]");
    }
    if (spec_.kind != Aggregate::ratio && spec_.against_days > 0) {
      refuse("against_days is for aggregate = \"ratio\"", "nothing else looks at a second window",
             "leave it out");
    }
  }

  void check_condition(Condition const& condition) const {
    auto const type = column(condition.column, "where").type;
    bool const number = type != ColumnType::category && type != ColumnType::id;
    if (!condition.values.empty() && type != ColumnType::category) {
      refuse(fmt::format("where lists values of \"{}\", which is not a category", condition.column),
             "numbers and dates are compared with bounds",
             fmt::format("write {} = {{ min = ..., max = ... }}", condition.column));
    }
    if ((condition.min || condition.max) && !number) {
      refuse(fmt::format("where has bounds for \"{}\", which is not a number or date", condition.column),
             "only these have an order", fmt::format("write {} = [\"VALUE\", ...]", condition.column));
    }
    if (condition.min && condition.max && *condition.min > *condition.max) {
      refuse(
          fmt::format("where: {} has min {} above max {}", condition.column, *condition.min, *condition.max),
          "no row could count", "swap or remove the bounds");
    }
  }

  TableSpec const& table_;
  AggregateSpec const& spec_;
};

}  // namespace

void check_aggregate(TableSpec const& table, AggregateSpec const& spec) {
  Checker(table, spec).check();
}

}  // namespace tessera
