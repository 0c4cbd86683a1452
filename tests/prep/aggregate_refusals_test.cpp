// SPDX-License-Identifier: Apache-2.0
#include "tessera/core/error.hpp"
#include "tessera/prep/aggregate.hpp"

#include "prep/transactions.hpp"
#include <gtest/gtest.h>

namespace tessera {
namespace {

using namespace test;

/// What an aggregate is refused with; "" where it is not.
std::string refusal(AggregateSpec const& spec, TableSpec const& table = transactions_spec()) {
  try {
    check_aggregate(table, spec);
  } catch (ConfigurationError const& error) {
    EXPECT_FALSE(error.why().empty());
    EXPECT_FALSE(error.remedy().empty());
    return error.what();
  }
  return "";
}

void expect_refused(AggregateSpec const& spec, std::initializer_list<char const*> words,
                    TableSpec const& table = transactions_spec()) {
  auto const message = refusal(spec, table);
  EXPECT_NE(message, "");
  for (auto const* word : words)
    EXPECT_NE(message.find(word), std::string::npos) << message << "\nlacks " << word;
}

TEST(CheckAggregate, accepts_every_kind_on_columns_that_fit) {
  for (auto const& spec : all_aggregates()) EXPECT_EQ(refusal(spec), "");
  for (auto const* column : {"when", "amount", "category", "partner"})
    EXPECT_EQ(refusal(aggregate(Aggregate::distinct, column)), "");
}

TEST(CheckAggregate, refuses_columns_that_are_not_there_or_do_not_fit) {
  expect_refused(aggregate(Aggregate::sum), {"feature \"a\"", "column is missing"});
  expect_refused(aggregate(Aggregate::distinct), {"column is missing"});
  expect_refused(aggregate(Aggregate::sum, "amuont"),
                 {"\"amuont\"", "no such column", "did you mean \"amount\"?"});
  for (auto const kind :
       {Aggregate::sum, Aggregate::mean, Aggregate::std, Aggregate::trend, Aggregate::time_mean}) {
    for (auto const* column : {"when", "category", "partner"})
      expect_refused(aggregate(kind, column), {column, "not a number"});
  }
  expect_refused(aggregate(Aggregate::min, "category"), {"not a number or date"});
  expect_refused(aggregate(Aggregate::share, "amount"), {"not a category"});
  expect_refused(aggregate(Aggregate::last, "partner"), {"not a number, date or category"});
  expect_refused(aggregate(Aggregate::ratio, "category", 30), {"not a number"});
  auto no_columns = transactions_spec();
  no_columns.columns.clear();
  no_columns.date = "";
  expect_refused(aggregate(Aggregate::sum, "x"), {"declare [table.column.x]"}, no_columns);
}

TEST(CheckAggregate, refuses_time_without_dates_and_dates_without_a_reference_day) {
  auto timeless = transactions_spec();
  timeless.date = "";
  for (auto const kind : {Aggregate::recency, Aggregate::active_months, Aggregate::gap, Aggregate::frequency})
    expect_refused(aggregate(kind), {"has no date", "date = \"COLUMN\""}, timeless);
  for (auto const kind : {Aggregate::trend, Aggregate::first, Aggregate::last, Aggregate::time_mean})
    expect_refused(aggregate(kind, "amount"), {"has no date"}, timeless);
  expect_refused(aggregate(Aggregate::count, "", 30), {"has no date"}, timeless);
  auto spec = aggregate(Aggregate::count);
  spec.as_of.reset();
  EXPECT_EQ(refusal(spec, timeless), "");
  expect_refused(spec, {"no as_of"});
}

TEST(CheckAggregate, refuses_keys_that_do_not_go_with_the_kind) {
  auto spec = aggregate(Aggregate::share, "category");
  spec.category.clear();
  expect_refused(spec, {"share needs category"});
  spec = aggregate(Aggregate::count);
  spec.category = {"cash"};
  expect_refused(spec, {"category is for aggregate = \"share\""});
  expect_refused(aggregate(Aggregate::ratio, "amount"), {"ratio needs window_days"});
  spec = aggregate(Aggregate::count, "", 30);
  spec.against_days = 60;
  expect_refused(spec, {"against_days is for"});
}

TEST(CheckAggregate, refuses_conditions_that_cannot_hold) {
  auto const with = [](Condition condition) {
    auto spec = aggregate(Aggregate::count);
    spec.where = {std::move(condition)};
    return spec;
  };
  expect_refused(with({"categroy", {"cash"}, {}, {}}), {"where", "did you mean \"category\"?"});
  expect_refused(with({"amount", {"12"}, {}, {}}), {"\"amount\"", "not a category", "min = "});
  expect_refused(with({"category", {}, 1.0, {}}), {"\"category\"", "not a number or date"});
  expect_refused(with({"amount", {}, 2.0, 1.0}), {"min 2 above max 1"});
  EXPECT_EQ(refusal(with({"when", {}, 14'000.0, 14'100.0})), "");
}

}  // namespace
}  // namespace tessera
