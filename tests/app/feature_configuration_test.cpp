// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "../src/app/customer_view.hpp"
#include "app/feature_tables.hpp"
#include <gtest/gtest.h>

namespace tessera {
namespace {

using test::expect_refused;
using test::feature;
using test::kCount;
using test::kTables;
using test::parse;

std::vector<std::string> names(std::vector<FeatureSection> const& features) {
  std::vector<std::string> out;
  for (auto const& feature : features) out.push_back(feature.name);
  return out;
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

TEST(FeatureConfiguration, keeps_what_conditions_tell_of_sensitive_columns_out_of_the_view) {
  auto const config = parse(kTables + kCount + "where = { amount = { min = 100.0 } }\n" +
                                feature("name = \"all\"\ntable = \"events\"\naggregate = \"count\""),
                            {"table.1.column.amount.sensitive=true"});
  EXPECT_TRUE(is_sensitive_in_view(config, "n"));
  EXPECT_FALSE(is_sensitive_in_view(config, "all"));
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

TEST(FeatureConfiguration, takes_links_by_way_of_a_bridge) {
  auto const config = parse(kTables + kCount + test::kLinks, {"table.1.via=links", "table.1.owners=all"});
  EXPECT_EQ(config.tables[1].via, "links");
  EXPECT_EQ(config.tables[1].owners, Owners::all);
  EXPECT_EQ(config.tables[2].where.front().values, std::vector<std::string>{"OWNER"});
  EXPECT_EQ(to_toml(parse(to_toml(config))), to_toml(config));
  try {
    parse(kTables + kCount + test::kLinks, {"table.1.via=lniks"});
    ADD_FAILURE();
  } catch (ConfigurationError const& error) {
    EXPECT_NE(std::string(error.what()).find("did you mean \"links\"?"), std::string::npos) << error.what();
  }
}

}  // namespace
}  // namespace tessera
