// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/prep/aggregate.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

/// Aggregates of one customer by their definitions, from all its rows: slow, in long double, without sharing.
namespace tessera::test {

/// One row as plain values: what docs/features.md calls (day, time, value, category).
struct OracleRow {
  double time;  ///< as in the date column
  std::int32_t day;
  double amount;         ///< NaN is missing
  std::string category;  ///< "" is missing
};

/// The answer to one aggregate: a number, or a category.
struct OracleValue {
  double number = kMissingNumber;
  std::string category;
};

inline std::int32_t oracle_month(std::int32_t day) {
  std::chrono::year_month_day const date{std::chrono::sys_days(std::chrono::days(day))};
  return static_cast<int>(date.year()) * 12 + static_cast<int>(static_cast<unsigned>(date.month())) - 1;
}

/// Conditions are on columns "amount" and "category"; the aggregated column is one of them, or none.
class Oracle {
 public:
  Oracle(AggregateSpec const& spec, std::vector<OracleRow> const& rows) : spec_(spec) {
    for (auto const& row : rows) {
      if (counts(row)) rows_.push_back(row);
    }
  }

  [[nodiscard]] OracleValue value() const {
    auto const window = inside(begin(), *spec_.as_of);
    std::vector<long double> values;
    for (auto const& row : window) values.push_back(row.amount);
    auto const n = static_cast<double>(window.size());
    auto const sum = total(window);
    switch (spec_.kind) {
      case Aggregate::count:
        return {n, ""};
      case Aggregate::sum:
        return {static_cast<double>(sum), ""};
      case Aggregate::mean:
        return {n > 0 ? static_cast<double>(sum / n) : kMissingNumber, ""};
      case Aggregate::min:
        return {n > 0 ? static_cast<double>(*std::min_element(values.begin(), values.end())) : kMissingNumber,
                ""};
      case Aggregate::max:
        return {n > 0 ? static_cast<double>(*std::max_element(values.begin(), values.end())) : kMissingNumber,
                ""};
      case Aggregate::std:
        return {deviation(values), ""};
      case Aggregate::distinct:
        return {distinct(window), ""};
      case Aggregate::share: {
        if (n == 0) return {};
        auto const chosen = std::count_if(window.begin(), window.end(), [&](OracleRow const& row) {
          return std::find(spec_.category.begin(), spec_.category.end(), row.category) !=
                 spec_.category.end();
        });
        return {static_cast<double>(chosen) / n, ""};
      }
      case Aggregate::recency:
        return {n > 0 ? *spec_.as_of - *days(window).rbegin() : kMissingNumber, ""};
      case Aggregate::active_months: {
        std::set<std::int32_t> months;
        for (auto const& row : window) months.insert(oracle_month(row.day));
        return {static_cast<double>(months.size()), ""};
      }
      case Aggregate::gap: {
        auto const distinct_days = days(window);
        if (distinct_days.size() < 2) return {};
        return {static_cast<double>(*distinct_days.rbegin() - *distinct_days.begin()) /
                    static_cast<double>(distinct_days.size() - 1),
                ""};
      }
      case Aggregate::frequency: {
        if (n == 0) return {0.0, ""};
        double const length = spec_.window_days > 0 ? static_cast<double>(spec_.window_days)
                                                    : *spec_.as_of - *days(window).begin() + 1;
        return {30.0 * n / length, ""};
      }
      case Aggregate::trend:
        return {slope(window), ""};
      case Aggregate::ratio: {
        auto const length = spec_.against_days > 0 ? spec_.against_days : spec_.window_days;
        auto const before = inside(begin() - static_cast<std::int32_t>(length), begin());
        auto const denominator =
            spec_.column.empty() ? static_cast<long double>(before.size()) : total(before);
        auto const numerator = spec_.column.empty() ? static_cast<long double>(window.size()) : sum;
        return {denominator == 0 ? kMissingNumber : static_cast<double>(numerator / denominator), ""};
      }
      case Aggregate::first:
      case Aggregate::last:
        return extreme(window);
      case Aggregate::time_mean:
        return {time_mean(), ""};
      case Aggregate::none:
        break;
    }
    return {};
  }

 private:
  [[nodiscard]] bool counts(OracleRow const& row) const {
    if (spec_.column == "amount" && std::isnan(row.amount)) return false;
    if (spec_.column == "category" && row.category.empty()) return false;
    for (auto const& condition : spec_.where) {
      if (condition.column == "category") {
        if (std::find(condition.values.begin(), condition.values.end(), row.category) ==
            condition.values.end())
          return false;
      } else if (!(row.amount >= condition.min.value_or(-INFINITY) &&
                   row.amount <= condition.max.value_or(INFINITY))) {
        return false;
      }
    }
    return row.day <= *spec_.as_of;
  }

  [[nodiscard]] std::int32_t begin() const {
    return spec_.window_days > 0 ? *spec_.as_of - static_cast<std::int32_t>(spec_.window_days) : -1'000'000;
  }
  [[nodiscard]] std::vector<OracleRow> inside(std::int32_t after, std::int32_t until) const {
    std::vector<OracleRow> out;
    for (auto const& row : rows_) {
      if (row.day > after && row.day <= until) out.push_back(row);
    }
    return out;
  }
  static std::set<std::int32_t> days(std::vector<OracleRow> const& rows) {
    std::set<std::int32_t> out;
    for (auto const& row : rows) out.insert(row.day);
    return out;
  }
  static long double total(std::vector<OracleRow> const& rows) {
    long double sum = 0;
    for (auto const& row : rows) sum += row.amount;
    return sum;
  }
  static double deviation(std::vector<long double> const& values) {
    if (values.size() < 2) return kMissingNumber;
    long double mean = 0, squares = 0;
    for (auto const value : values) mean += value / static_cast<long double>(values.size());
    for (auto const value : values) squares += (value - mean) * (value - mean);
    return static_cast<double>(std::sqrt(squares / static_cast<long double>(values.size() - 1)));
  }
  [[nodiscard]] double distinct(std::vector<OracleRow> const& rows) const {
    std::set<std::pair<double, std::string>> out;
    for (auto const& row : rows) {
      if (spec_.column == "amount") {
        out.insert({row.amount, ""});
      } else {
        out.insert({0.0, row.category});
      }
    }
    return static_cast<double>(out.size());
  }
  [[nodiscard]] double slope(std::vector<OracleRow> const& rows) const {
    if (rows.empty()) return kMissingNumber;
    auto const last = oracle_month(*spec_.as_of);
    auto const first = oracle_month(spec_.window_days > 0 ? begin() + 1 : *days(rows).begin());
    auto const months = last - first + 1;
    if (months < 2) return kMissingNumber;
    std::map<std::int32_t, long double> sums;
    for (auto month = first; month <= last; ++month) sums[month] = 0;
    for (auto const& row : rows) sums[oracle_month(row.day)] += row.amount;
    long double const middle = (first + last) / 2.0L;
    long double above = 0, below = 0;
    for (auto const& [month, sum] : sums) {
      above += (month - middle) * sum;
      below += (month - middle) * (month - middle);
    }
    return static_cast<double>(above / below);
  }
  [[nodiscard]] OracleValue extreme(std::vector<OracleRow> const& rows) const {
    if (rows.empty()) return {};
    auto const before = [&](OracleRow const& a, OracleRow const& b) {
      return spec_.column == "amount" ? std::pair(a.time, a.amount) < std::pair(b.time, b.amount)
                                      : std::pair(a.time, a.category) < std::pair(b.time, b.category);
    };
    auto const& row = spec_.kind == Aggregate::first ? *std::min_element(rows.begin(), rows.end(), before)
                                                     : *std::max_element(rows.begin(), rows.end(), before);
    return {row.amount, row.category};
  }
  /// Day by day.
  [[nodiscard]] double time_mean() const {
    auto rows = rows_;
    std::sort(rows.begin(), rows.end(), [](OracleRow const& a, OracleRow const& b) {
      return std::pair(a.time, a.amount) < std::pair(b.time, b.amount);
    });
    if (rows.empty()) return kMissingNumber;
    long double sum = 0;
    std::int64_t known = 0;
    std::size_t next = 0;
    double level = kMissingNumber;
    for (auto day = rows.front().day; day <= *spec_.as_of; ++day) {
      while (next < rows.size() && rows[next].day == day) level = rows[next++].amount;
      if (day <= begin()) continue;
      sum += level;
      ++known;
    }
    return known == 0 ? kMissingNumber : static_cast<double>(sum / static_cast<long double>(known));
  }

  AggregateSpec const& spec_;
  std::vector<OracleRow> rows_;
};

}  // namespace tessera::test
