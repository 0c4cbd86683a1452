// SPDX-License-Identifier: Apache-2.0
#include "app/feature_tables.hpp"
#include <gtest/gtest.h>

namespace tessera {
namespace {

using test::expect_refused;
using test::feature;
using test::kCount;
using test::kLinks;
using test::kTables;
using test::parse;

TEST(FeatureConfigurationRefuses, features_without_a_source_or_with_two) {
  expect_refused(kTables + kCount + feature("name = \"x\""), {"feature.1.column is missing"});
  expect_refused(kTables + kCount + feature("name = \"x\"\nratio = [\"n\", \"age\"]\nquintile = \"n\""),
                 {"two sources"});
  expect_refused(kTables + kCount + feature("name = \"x\"\nratio = [\"n\", \"age\"]\ncolumn = \"age\""),
                 {"feature.1.column = \"age\"", "derived"});
  expect_refused(kTables + kCount + feature("ratio = [\"n\", \"age\"]"), {"feature.1.name is missing"});
  expect_refused(kTables + kCount + feature("column = \"age\"\nwindow_days = 30"), {"no aggregate"});
  expect_refused(kTables + kCount + feature("column = \"age\"\nbest = \"low\""), {"best is for quintile"});
  expect_refused(kTables + kCount + feature("name = \"x\"\nratio = [\"n\"]"), {"names 1 features"});
  expect_refused(kTables + kCount + feature("name = \"x\"\ndifference = [\"n\", \"m\"]"),
                 {"uses \"m\"", "did you mean \"n\"?"});
  expect_refused(kTables + kCount + feature("name = \"x\"\nquintile = \"job\""),
                 {"\"job\"", "no number column"});
  for (auto const* preparation : {"encode = \"onehot\"", "encode = \"frequency\"", "cluster = false"}) {
    expect_refused(kTables + kCount +
                       feature("name = \"trade\"\ncolumn = \"job\"\n" + std::string(preparation)) +
                       feature("name = \"x\"\nratio = [\"n\", \"trade\"]"),
                   {"feature.2.ratio uses \"trade\"", "no number column"});
  }
}

TEST(FeatureConfigurationRefuses, aggregates_of_what_is_not_there) {
  expect_refused(kTables + kCount + feature("name = \"x\"\naggregate = \"count\"\ntable = \"evnts\""),
                 {"feature.1.table = \"evnts\"", "use \"events\""});
  expect_refused(kTables + kCount + feature("name = \"x\"\naggregate = \"count\""), {"one row a customer"});
  expect_refused(kTables + kCount + feature("name = \"x\"\ncolumn = \"amount\"\ntable = \"events\""),
                 {"many rows a customer", "choose an aggregate"});
  expect_refused(
      kTables + kCount + feature("name = \"x\"\ntable = \"events\"\naggregate = \"sum\"\ncolumn = \"type\""),
      {"feature \"x\"", "not a number"});
  expect_refused(
      kTables + kCount + feature("name = \"x\"\ntable = \"events\"\naggregate = \"last\"\ncolumn = \"type\""),
      {"\"x\" is a category", "cluster = false"});
  expect_refused(kTables + kCount + feature("name = \"age\"\ntable = \"events\"\naggregate = \"count\""),
                 {"taken by a column"});
  expect_refused(kTables + kCount + kCount, {"feature.1.name = \"n\"", "taken"});
}

TEST(FeatureConfigurationRefuses, conditions_that_are_none) {
  auto const with = [](std::string const& where) { return kTables + kCount + "where = " + where + "\n"; };
  expect_refused(with("3"), {"feature.0.where", "must be a table"});
  expect_refused(with("{ type = 3 }"), {"type must be a value"});
  expect_refused(with("{ type = [] }"), {"type must be a value"});
  expect_refused(with("{ type = [1] }"), {"type must be a value"});
  expect_refused(with("{ amount = { least = 3 } }"), {"amount must be a value"});
  expect_refused(with("{ amount = { min = \"x\" } }"), {"min must be a number or a date"});
}

TEST(FeatureConfigurationRefuses, tables_that_cannot_be_joined) {
  expect_refused(kTables + feature("column = \"age\""), {"table \"events\" is not used"});
  auto const refuse = [](std::string const& change, std::initializer_list<char const*> words) {
    expect_refused(kTables + kCount, words, {change});
  };
  refuse("table.1.date=amount", {"date = \"amount\"", "not a date"});
  refuse("table.1.date=then", {"date = \"then\"", "no such column"});
  refuse("table.1.key=\"\"", {"\"events\"", "key is missing"});
  refuse("table.0.key=\"\"", {"\"customers\"", "key is missing"});
  refuse("table.0.via=events", {"via is not for the first table"});
  refuse("table.0.link=job", {"link is not for the first table"});
  refuse("table.1.via=links", {"via = \"links\"", "no such table with link"});
  refuse("table.1.where={ type = \"x\" }", {"where is for tables with link"});
  refuse("table.0.where={ job = \"x\" }", {"where is not for the first table"});
  refuse("table.1.name=customers", {"two tables are called \"customers\""});
  auto const as_of = kTables.find("as_of");
  auto without = kTables;
  without.erase(as_of, std::string("as_of = 2026-09-30\n").size());
  expect_refused(without + kCount, {"no as_of", "run.as_of"});
}

TEST(FeatureConfigurationRefuses, keys_of_the_first_table_in_others) {
  auto const refuse = [](std::vector<std::string> const& changes, std::initializer_list<char const*> words) {
    expect_refused(kTables + kCount, words, changes);
  };
  refuse({"table.1.duplicates=last", "table.1.order_by=at"},
         {"\"events\": duplicates is not for this table"});
  refuse({"table.1.order_by=at"}, {"\"events\": order_by is not for this table"});
  refuse({"table.1.column.type.rare={}"}, {"rare of column \"type\" is not for this table"});
  refuse({"table.1.column.type.max_missing=0.5"}, {"max_missing of column \"type\" is not for this table"});
}

TEST(FeatureConfigurationRefuses, bridges_whose_columns_do_not_fit) {
  auto const refuse = [](std::string const& change, std::initializer_list<char const*> words) {
    expect_refused(kTables + kCount + kLinks, words, {"table.1.via=links", change});
  };
  refuse("table.2.where={ rloe = \"OWNER\" }", {"where = \"rloe\"", "no category column"});
  refuse("table.2.link=role", {"link = \"role\"", "no id column"});
  refuse("table.2.order_by=since", {"order_by = \"since\""});
}

TEST(FeatureConfigurationRefuses, keys_that_are_read_as_values) {
  for (auto const* type : {"category", "int", "float"}) {
    expect_refused(kTables + kCount, {"\"customers\": column \"id\" holds the key", "type = \"id\""},
                   {std::string("table.0.column.id.type=") + type});
  }
  expect_refused(kTables + kCount, {"\"customers\": column \"job\" holds the key"},
                 {"table.0.column.job.source=id"});
  expect_refused(kTables + kCount, {"\"events\": column \"type\" holds the key"},
                 {"table.1.column.type.source=id"});
  EXPECT_NO_THROW(parse(kTables + kCount, {"table.0.column.id.type=id"}));
}

TEST(FeatureConfigurationRefuses, keys_under_any_name_as_features_items_weights_and_groups) {
  std::vector<std::string> const again{"table.0.column.again.type=id", "table.0.column.again.source=id",
                                       "table.1.column.own.type=id", "table.1.column.own.source=id"};
  auto const refuse = [&](std::string const& text, std::string const& key) {
    expect_refused(kTables + kCount + text, {(key + " (the column holds the customers' ids)").c_str()},
                   again);
  };
  EXPECT_NO_THROW(parse(kTables + kCount, again));
  refuse(feature("column = \"again\""), "feature.1.column = \"again\"");
  refuse(feature("column = \"age\"\nimpute = \"group\"\nimpute_by = \"again\""),
         "feature.1.impute_by = \"again\"");
  refuse(feature("name = \"x\"\ntable = \"events\"\naggregate = \"first\"\ncolumn = \"own\""),
         "feature.1.column = \"own\"");
  refuse("[items]\ncolumns = [\"again\"]\n", "items.columns = \"again\"");
  refuse("[items]\nbins = [{ column = \"again\" }]\n", "items.bins = \"again\"");
  refuse("[kmeans]\nweight = \"again\"\n", "kmeans.weight = \"again\"");
}

TEST(FeatureConfigurationRefuses, names_that_others_have) {
  expect_refused(kTables + kCount + feature("name = \"job\"\ncolumn = \"age\""),
                 {"feature.1.name = \"job\"", "taken by a column"});
  expect_refused(kTables + kCount + feature("name = \"job\"\nratio = [\"n\", \"age\"]"),
                 {"taken by a column"});
  auto const indicator = feature("column = \"age\"\nindicator = true");
  auto const other = feature("name = \"age:missing\"\nratio = [\"n\", \"n\"]");
  expect_refused(kTables + kCount + other + indicator,
                 {"feature.2.indicator makes a feature \"age:missing\"", "taken"});
  expect_refused(kTables + kCount + indicator + other, {"feature.2.name = \"age:missing\"", "taken"});
  EXPECT_NO_THROW(
      parse(kTables + kCount + other + feature("column = \"age\"\nindicator = true\ncluster = false")));
}

TEST(FeatureConfigurationRefuses, names_of_the_view_that_no_dataset_can_have) {
  auto const with_view = [](std::string const& text, std::vector<std::string> changes = {}) {
    changes.emplace_back("run.write_features=true");
    return std::pair(kTables + kCount + text, changes);
  };
  auto const refuse = [](std::pair<std::string, std::vector<std::string>> const& what, char const* name) {
    expect_refused(what.first, {name, "is no name for a dataset", "run.write_features"}, what.second);
  };
  refuse(with_view(feature("name = \"a/b\"\nratio = [\"n\", \"age\"]")), "\"a/b\"");
  auto const column = with_view("", {"table.0.column.\"in/out\".type=int"});
  refuse(column, "\"in/out\"");
  EXPECT_NO_THROW(parse(column.first, {column.second.front()})) << "without a view it is a name like any";
  refuse(with_view(feature("name = \".\"\nratio = [\"n\", \"age\"]")), "\".\"");
  EXPECT_NO_THROW(parse(kTables + kCount, {"run.write_features=true", "table.0.column.\"in/out\".type=int",
                                           "table.0.column.\"in/out\".sensitive=true"}))
      << "sensitive columns are not in the view";
}

TEST(FeatureConfigurationRefuses, a_reduction_of_features_that_are_not_clustered) {
  expect_refused(kTables + kCount + "cluster = false\n[reduction]\nmethod = \"pca\"\n",
                 {"[reduction] without a [[feature]] that is clustered"});
}

}  // namespace
}  // namespace tessera
