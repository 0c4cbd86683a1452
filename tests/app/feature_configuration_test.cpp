// SPDX-License-Identifier: Apache-2.0
#include "tessera/app/configuration.hpp"
#include "tessera/core/error.hpp"

#include <algorithm>

#include "../src/app/customer_view.hpp"
#include <gtest/gtest.h>

namespace tessera {
namespace {

std::string const kTables = R"(
[run]
name = "features"
as_of = 2026-09-30
[[table]]
name = "customers"
path = "customers.csv"
key = "id"
[table.column.age]
type = "int"
[table.column.job]
[[table]]
name = "events"
path = "events.csv"
key = "id"
date = "at"
[table.column.at]
type = "date"
[table.column.amount]
type = "float"
[table.column.balance]
type = "float"
[table.column.type]
)";
std::string const kCount = R"(
[[feature]]
name = "n"
table = "events"
aggregate = "count"
)";

Configuration parse(std::string const& text, std::vector<std::string> const& overrides = {}) {
  return parse_configuration(text, "features.toml", overrides);
}

void expect_refused(std::string const& text, std::initializer_list<char const*> words) {
  try {
    parse(text);
  } catch (ConfigurationError const& error) {
    EXPECT_FALSE(error.why().empty());
    EXPECT_FALSE(error.remedy().empty());
    std::string const message = error.what();
    for (auto const* word : words)
      EXPECT_NE(message.find(word), std::string::npos) << message << "\nlacks " << word;
    return;
  }
  ADD_FAILURE() << "was accepted:\n" << text;
}

std::vector<std::string> names(std::vector<FeatureSection> const& features) {
  std::vector<std::string> out;
  for (auto const& feature : features) out.push_back(feature.name);
  return out;
}

std::string feature(std::string const& keys) {
  return "[[feature]]\n" + keys + "\n";
}

TEST(FeatureConfiguration, describes_an_aggregate) {
  auto const config = parse(kTables + R"(
[[feature]]
name = "debits"
table = "events"
aggregate = "sum"
column = "amount"
where = { type = ["DEBIT", "FEE"], amount = { min = 0.5 }, at = { min = 2026-01-01, max = 2026-06-30 } }
window_days = 90
as_of = 2026-08-31
)");
  auto const specs = aggregates_of(config, config.tables[1]);
  ASSERT_EQ(specs.size(), 1U);
  auto const& spec = specs.front();
  EXPECT_EQ(spec.kind, Aggregate::sum);
  EXPECT_EQ(spec.column, "amount");
  EXPECT_EQ(spec.window_days, 90U);
  EXPECT_EQ(spec.as_of, days_of("2026-08-31"));
  ASSERT_EQ(spec.where.size(), 3U);
  EXPECT_EQ(spec.where[0].column, "amount");
  EXPECT_EQ(spec.where[0].min, 0.5);
  EXPECT_EQ(spec.where[0].max, std::nullopt);
  EXPECT_EQ(spec.where[1].min, days_of("2026-01-01"));
  EXPECT_EQ(spec.where[1].max, days_of("2026-06-30"));
  EXPECT_EQ(spec.where[2].values, (std::vector<std::string>{"DEBIT", "FEE"}));
  auto const text = to_toml(config);
  EXPECT_EQ(to_toml(parse(text)), text);
}

TEST(FeatureConfiguration, clusters_by_columns_of_the_view) {
  auto const config =
      parse(kTables + kCount + feature("column = \"age\"\nname = \"years\"") +
            feature("name = \"rate\"\nratio = [\"n\", \"years\"]\nscale = \"robust\"") +
            feature("name = \"score\"\nquintile = \"rate\"\nbest = \"low\"\ncluster = false"));
  auto const clustered = clustered_features(config);
  ASSERT_EQ(clustered.size(), 3U);
  EXPECT_EQ(clustered[0].column, "n");
  EXPECT_EQ(clustered[1].column, "age");
  EXPECT_EQ(clustered[2].column, "rate");
  EXPECT_EQ(clustered[2].scale, Scale::robust);
  for (auto const& spec : clustered) EXPECT_EQ(spec.table, "customers");
  auto const derived = derived_features(config);
  ASSERT_EQ(derived.size(), 2U);
  EXPECT_EQ(derived[0].operands, (std::vector<std::string>{"n", "age"}))
      << "a feature's name stands for its column";
  EXPECT_EQ(derived[1].kind, Derivation::quintile);
  EXPECT_EQ(derived[1].best, Best::low);
}

TEST(FeatureConfiguration, keeps_what_is_sensitive_out_of_the_view) {
  auto const config =
      parse(kTables + kCount +
                feature("name = \"total\"\ntable = \"events\"\naggregate = \"sum\"\ncolumn = \"amount\"") +
                feature("name = \"level\"\ntable = \"events\"\naggregate = \"sum\"\ncolumn = \"balance\"") +
                feature("name = \"rate\"\nratio = [\"total\", \"n\"]") +
                feature("name = \"score\"\nquintile = \"rate\"") +
                feature("name = \"older\"\ndifference = [\"age\", \"n\"]"),
            {"table.1.column.amount.sensitive=true", "table.0.column.age.sensitive=true"});
  for (auto const* column : {"age", "total", "rate", "score", "older", "id"})
    EXPECT_TRUE(is_sensitive_in_view(config, column)) << column;
  for (auto const* column : {"job", "n", "level"})
    EXPECT_FALSE(is_sensitive_in_view(config, column)) << column;
}

TEST(FeatureConfiguration, makes_items_of_aggregates) {
  auto const config =
      parse(kTables + kCount +
            feature("name = \"last\"\ntable = \"events\"\naggregate = \"last\"\ncolumn = \"type\"\n"
                    "cluster = false") +
            "[items]\ncolumns = [\"last\"]\nbins = [{ column = \"n\", quantiles = 4 }]\n");
  auto const view = customer_view(config);
  EXPECT_EQ(view.columns.back().type, ColumnType::category);
  expect_refused(kTables + kCount + "[items]\ncolumns = [\"n\"]\n",
                 {"items.columns = \"n\"", "not a category"});
  expect_refused(kTables + kCount + "[items]\nbins = [{ column = \"m\" }]\n", {"items.bins = \"m\""});
}

TEST(FeatureConfiguration, has_paths_in_a_folder) {
  auto const config = parse(kTables + kCount, {"run.folder=\"/data\"", "table.0.path=[\"/else/a.csv\"]"});
  EXPECT_EQ(config.tables[0].path.front(), "/else/a.csv");
  EXPECT_EQ(config.tables[1].path.front(), "/data/events.csv");
  EXPECT_EQ(parse(to_toml(config)).tables[1].path.front(), "/data/events.csv");
}

TEST(FeatureConfiguration, expands_presets_in_front_of_the_features) {
  auto const config =
      parse(kTables + feature("name = \"per_year\"\nratio = [\"rfm_frequency\", \"age\"]") +
            "[[preset]]\nkind = \"rfm\"\ntable = \"events\"\namount = \"amount\"\nwindow_days = 365\n"
            "where = { type = [\"DEBIT\"] }\n");
  EXPECT_EQ(names(config.features),
            (std::vector<std::string>{"rfm_recency", "rfm_frequency", "rfm_monetary", "rfm_recency_score",
                                      "rfm_frequency_score", "rfm_monetary_score", "per_year"}));
  EXPECT_TRUE(config.presets.empty());
  auto const specs = aggregates_of(config, config.tables[1]);
  ASSERT_EQ(specs.size(), 3U);
  EXPECT_EQ(specs[1].kind, Aggregate::count);
  EXPECT_EQ(specs[2].kind, Aggregate::sum);
  for (auto const& spec : specs) {
    EXPECT_EQ(spec.window_days, 365U);
    EXPECT_EQ(spec.where.size(), 1U);
  }
  EXPECT_EQ(derived_features(config).front().best, Best::low) << "the most recent score 5";
  auto const text = to_toml(config);
  EXPECT_NE(text.find("name = \"rfm_monetary\""), std::string::npos) << "the expansion is visible";
  EXPECT_EQ(to_toml(parse(text)), text);
}

TEST(FeatureConfiguration, expands_every_preset) {
  auto const config =
      parse(kTables +
            "[[preset]]\nkind = \"deposits\"\nname = \"d\"\ntable = \"events\"\namount = \"amount\"\n"
            "term = \"balance\"\nproduct = \"type\"\nproducts = [\"3M\", \"6M\"]\nrollover = \"type\"\n"
            "rolled = [\"R\"]\n"
            "[[preset]]\nkind = \"credit\"\ntable = \"events\"\nbalance = \"balance\"\nlimit = \"amount\"\n"
            "days_past_due = \"balance\"\narrears_days = 30\n"
            "[[preset]]\nkind = \"engagement\"\ntable = \"events\"\nchannel = \"type\"\nevent = \"type\"\n"
            "logins = [\"L\"]\n");
  auto const all = names(config.features);
  for (auto const* name :
       {"d_count", "d_amount", "d_term", "d_share_3M", "d_share_6M", "d_rollover", "credit_utilisation",
        "credit_mean_utilisation", "credit_days_past_due", "credit_max_days_past_due", "credit_arrears",
        "engagement_recency", "engagement_frequency", "engagement_active_months", "engagement_channels",
        "engagement_logins"})
    EXPECT_NE(std::find(all.begin(), all.end(), name), all.end()) << name;
}

TEST(FeatureConfiguration, refuses_presets_with_keys_missing_or_in_vain) {
  auto const preset = [](std::string const& keys) {
    return kTables + "[[preset]]\ntable = \"events\"\n" + keys;
  };
  expect_refused(preset("kind = \"rfm\"\n"), {"preset.0", "rfm", "needs amount"});
  expect_refused(preset("kind = \"rfm\"\namount = \"amount\"\nterm = \"balance\"\n"),
                 {"has no use for term"});
  expect_refused(preset("kind = \"rfm\"\namount = \"amuont\"\n"),
                 {"rfm_monetary", "did you mean \"amount\"?"});
  expect_refused(preset("kind = \"engagement\"\nchannel = \"type\"\nevent = \"type\"\n"),
                 {"event needs logins"});
  expect_refused(preset("kind = \"churn\"\n"), {"churn", "rfm, deposits, credit, engagement"});
  expect_refused(kTables + "[[preset]]\nkind = \"rfm\"\namount = \"amount\"\n",
                 {"preset.0.table is missing"});
}

TEST(FeatureConfiguration, refuses_features_without_a_source_or_with_two) {
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
}

TEST(FeatureConfiguration, refuses_aggregates_of_what_is_not_there) {
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

TEST(FeatureConfiguration, refuses_conditions_that_are_none) {
  auto const with = [](std::string const& where) { return kTables + kCount + "where = " + where + "\n"; };
  expect_refused(with("3"), {"feature.0.where", "must be a table"});
  expect_refused(with("{ type = 3 }"), {"type must be a value"});
  expect_refused(with("{ type = [] }"), {"type must be a value"});
  expect_refused(with("{ type = [1] }"), {"type must be a value"});
  expect_refused(with("{ amount = { least = 3 } }"), {"amount must be a value"});
  expect_refused(with("{ amount = { min = \"x\" } }"), {"min must be a number or a date"});
}

TEST(FeatureConfiguration, refuses_tables_that_cannot_be_joined) {
  expect_refused(kTables + feature("column = \"age\""), {"table \"events\" is not used"});
  auto const refuse = [](std::string const& overrides, std::initializer_list<char const*> words) {
    try {
      parse(kTables + kCount, {overrides});
      ADD_FAILURE() << overrides << " was accepted";
    } catch (ConfigurationError const& error) {
      for (auto const* word : words)
        EXPECT_NE(std::string(error.what()).find(word), std::string::npos)
            << error.what() << " lacks " << word;
    }
  };
  refuse("table.1.date=amount", {"date = \"amount\"", "not a date"});
  refuse("table.1.date=then", {"date = \"then\"", "no such column"});
  refuse("table.1.key=\"\"", {"\"events\"", "key is missing"});
  refuse("table.0.key=\"\"", {"\"customers\"", "key is missing"});
  refuse("table.0.via=events", {"via is not for the first table"});
  refuse("table.0.link=job", {"link is not for the first table"});
  refuse("table.1.via=links", {"via = \"links\"", "no such table with link"});
  refuse("table.1.where={ type = \"x\" }", {"where is for tables with link"});
  refuse("table.1.name=customers", {"two tables are called \"customers\""});
  auto const as_of = kTables.find("as_of");
  auto without = kTables;
  without.erase(as_of, std::string("as_of = 2026-09-30\n").size());
  expect_refused(without + kCount, {"no as_of", "run.as_of"});
}

TEST(FeatureConfiguration, takes_links_by_way_of_a_bridge) {
  auto const bridge = std::string(R"(
[[table]]
name = "links"
path = "links.csv"
key = "id"
link = "account"
where = { role = "OWNER" }
[table.column.account]
type = "id"
[table.column.role]
)");
  auto const config = parse(kTables + kCount + bridge, {"table.1.via=links", "table.1.owners=all"});
  EXPECT_EQ(config.tables[1].via, "links");
  EXPECT_EQ(config.tables[1].owners, Owners::all);
  EXPECT_EQ(config.tables[2].where.front().values, std::vector<std::string>{"OWNER"});
  EXPECT_EQ(to_toml(parse(to_toml(config))), to_toml(config));
  try {
    parse(kTables + kCount + bridge, {"table.1.via=lniks"});
    ADD_FAILURE();
  } catch (ConfigurationError const& error) {
    EXPECT_NE(std::string(error.what()).find("did you mean \"links\"?"), std::string::npos) << error.what();
  }
}

}  // namespace
}  // namespace tessera
