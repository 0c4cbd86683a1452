// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/core/random.hpp"
#include "tessera/prep/aggregate.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "prep/aggregate_oracle.hpp"

/// Transactions generated from their number, and the ways in which they may arrive.
namespace tessera::test {

inline constexpr std::int32_t kAsOf = 14'700;  // 2010-03-31

inline TableSpec transactions_spec(ColumnType date = ColumnType::date) {
  TableSpec spec;
  spec.name = "transactions";
  spec.date = "when";
  spec.columns.resize(4);
  spec.columns[0].name = "when";
  spec.columns[0].type = date;
  spec.columns[1].name = "amount";
  spec.columns[1].type = ColumnType::real;
  spec.columns[2].name = "category";
  spec.columns[2].type = ColumnType::category;
  spec.columns[3].name = "partner";
  spec.columns[3].type = ColumnType::id;
  return spec;
}

struct Transaction {
  std::uint32_t customer;
  OracleRow row;
};

/// Some customers have none, some many on a day, some only after as_of; ties of time and value abound.
inline std::vector<Transaction> transactions(std::size_t customers, std::size_t count,
                                             ColumnType date = ColumnType::date) {
  Draw const draw(11, Purpose::generate);
  std::vector<Transaction> out;
  for (std::size_t i = 0; i < count; ++i) {
    auto const u = draw.uniform(i, 0);
    Transaction next{static_cast<std::uint32_t>(u * u * static_cast<double>(customers)), {}};
    // A third within a month, others up to four years before and a few after as_of.
    auto const back = draw.below(3, i, 1) == 0 ? draw.below(30, i, 2) : draw.below(1460, i, 2);
    next.row.day = kAsOf - static_cast<std::int32_t>(back) + (draw.below(10, i, 3) == 0 ? 40 : 0);
    next.row.time = next.row.day;
    if (date == ColumnType::datetime)
      next.row.time = 86400.0 * next.row.day + static_cast<double>(draw.below(4, i, 4)) * 20000.5;
    double const cents = std::floor(draw.uniform(i, 5) * 1e6) - 3e5;
    next.row.amount = draw.below(12, i, 6) == 0  ? kMissingNumber
                      : draw.below(4, i, 7) == 0 ? 50.0
                                                 : cents / 100;
    if (draw.below(20, i, 8) == 0) next.row.amount *= 1e9;
    constexpr char const* kCategories[] = {"cash", "card", "transfer", "fee", ""};
    auto const category = draw.below(8, i, 9);
    next.row.category =
        category < 5 ? kCategories[category] : "rare " + std::to_string(draw.below(150, i, 10));
    out.push_back(next);
  }
  return out;
}

/// The transactions in another order.
inline std::vector<Transaction> shuffled(std::vector<Transaction> const& in, std::uint64_t seed) {
  Draw const draw(seed, Purpose::generate);
  std::vector<std::size_t> order(in.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return std::pair(draw.bits(a), a) < std::pair(draw.bits(b), b);
  });
  std::vector<Transaction> out;
  for (auto const i : order) out.push_back(in[i]);
  return out;
}

/// The aggregates of these transactions, arriving in this order and in rounds of so many rows.
inline std::vector<Column> folded(TableSpec const& table, std::vector<AggregateSpec> const& specs,
                                  std::size_t customers, std::vector<Transaction> const& rows,
                                  std::size_t rows_a_round) {
  AggregateFold fold(table, specs, customers);
  std::vector<std::string> dictionary;
  KeyHasher const hash;
  for (std::size_t begin = 0; begin <= rows.size(); begin += rows_a_round) {
    auto const end = std::min(rows.size(), begin + rows_a_round);
    std::vector<Transaction> round(rows.begin() + static_cast<std::ptrdiff_t>(begin),
                                   rows.begin() + static_cast<std::ptrdiff_t>(end));
    std::stable_sort(round.begin(), round.end(),
                     [](Transaction const& a, Transaction const& b) { return a.customer < b.customer; });
    NumberColumn when, amount;
    CategoryColumn category;
    KeyColumn partner;
    CustomerRows out;
    for (auto const& [customer, row] : round) {
      out.customer.push_back(customer);
      when.values.push_back(row.time);
      amount.values.push_back(row.amount);
      auto const found = std::find(dictionary.begin(), dictionary.end(), row.category);
      category.codes.push_back(row.category.empty() ? kMissingCode
                                                    : static_cast<std::int32_t>(found - dictionary.begin()));
      if (found == dictionary.end() && !row.category.empty()) dictionary.push_back(row.category);
      partner.keys.push_back(row.category.empty() ? std::nullopt : std::optional(hash(row.category)));
    }
    out.columns = {{"when", table.columns[0].type, std::move(when)},
                   {"amount", ColumnType::real, std::move(amount)},
                   {"category", ColumnType::category, std::move(category)},
                   {"partner", ColumnType::id, std::move(partner)}};
    fold.add(out, [&](std::size_t) -> std::vector<std::string> const& { return dictionary; });
  }
  return fold.finish();
}

inline AggregateSpec aggregate(Aggregate kind, std::string column = "", std::uint64_t window_days = 0) {
  AggregateSpec out;
  out.name = "a";
  out.kind = kind;
  out.column = std::move(column);
  out.as_of = kAsOf;
  out.window_days = window_days;
  if (kind == Aggregate::share) out.category = {"cash", "card"};
  return out;
}

/// Every kind over every column that it takes, in several windows and with several conditions.
inline std::vector<AggregateSpec> all_aggregates() {
  std::vector<AggregateSpec> plain;
  for (auto const kind : {Aggregate::sum, Aggregate::mean, Aggregate::min, Aggregate::max, Aggregate::std,
                          Aggregate::trend, Aggregate::time_mean, Aggregate::ratio})
    plain.push_back(aggregate(kind, "amount"));
  for (auto const kind : {Aggregate::count, Aggregate::recency, Aggregate::active_months, Aggregate::gap,
                          Aggregate::frequency, Aggregate::ratio}) {
    plain.push_back(aggregate(kind));
    plain.push_back(aggregate(kind, "category"));
  }
  for (auto const kind : {Aggregate::first, Aggregate::last, Aggregate::distinct}) {
    plain.push_back(aggregate(kind, "amount"));
    plain.push_back(aggregate(kind, "category"));
  }
  plain.push_back(aggregate(Aggregate::share, "category"));
  std::vector<AggregateSpec> out;
  for (std::uint64_t const window : {0U, 30U, 365U, 1000U}) {
    for (int where = 0; where < 3; ++where) {
      for (auto spec : plain) {
        if (spec.kind == Aggregate::ratio && window == 0) continue;
        if (spec.kind == Aggregate::ratio && where == 1) spec.against_days = 77;
        if (spec.kind == Aggregate::ratio && !spec.column.empty() && spec.column != "amount") continue;
        spec.window_days = window;
        spec.name = "a" + std::to_string(out.size());
        if (where >= 1) spec.where.push_back({"amount", {}, 0.0, 2000.0});
        if (where >= 2) spec.where.push_back({"category", {"cash", "transfer", "rare 7"}, {}, {}});
        if (window == 365) *spec.as_of -= 31;
        out.push_back(spec);
      }
    }
  }
  return out;
}

}  // namespace tessera::test
