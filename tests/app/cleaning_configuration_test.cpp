// SPDX-License-Identifier: Apache-2.0
#include "tessera/app/configuration.hpp"
#include "tessera/core/error.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tessera {
namespace {

using testing::HasSubstr;

std::string const kClean = R"(
[run]
name = "clean"
[[table]]
name = "customers"
path = "customers.csv"
[table.column.age]
type = "int"
min = 16
out_of_range = "clamp"
max_missing = 0.25
[table.column.job]
trim = false
fold_case = true
map = { "ADMIN." = "office", "a \"b\"" = "" }
rare = { min_share = 0.02 }
[quality]
previous = "before.h5"
max_missing = 0.5
min_rows = 1000
max_duplicates = 0.01
max_drift = 0.25
[[feature]]
column = "age"
winsorise = [0.01, 0.99]
impute = "group"
impute_by = "job"
weight = 2.0
[[feature]]
column = "job"
encode = "onehot"
max_categories = 5
min_share = 0.05
[reduction]
method = "factors"
components = 3
rotation = "none"
use = "besides"
drop_correlated = true
correlation_report = 0.9
)";

Configuration parse(std::vector<std::string> const& overrides = {}) {
  return parse_configuration(kClean, "clean.toml", overrides);
}

std::string refusal(std::vector<std::string> const& overrides) {
  try {
    parse(overrides);
  } catch (ConfigurationError const& error) {
    EXPECT_FALSE(error.why().empty());
    EXPECT_FALSE(error.remedy().empty());
    return error.what();
  }
  ADD_FAILURE() << "was accepted: " << overrides.front();
  return "";
}

TEST(CleaningConfiguration, is_read) {
  auto const config = parse();
  auto const& age = config.customers().columns[0];
  EXPECT_EQ(age.out_of_range, OutOfRange::clamp);
  EXPECT_EQ(age.max_missing, 0.25);
  EXPECT_FALSE(age.rare);
  auto const& job = config.customers().columns[1];
  EXPECT_FALSE(job.trim);
  EXPECT_TRUE(job.fold_case);
  EXPECT_EQ(job.map, (std::map<std::string, std::string>{{"ADMIN.", "office"}, {"a \"b\"", ""}}));
  ASSERT_TRUE(job.rare);
  EXPECT_EQ(job.rare->min_share, 0.02);
  EXPECT_EQ(job.rare->name, "other");
  EXPECT_EQ(config.quality.min_rows, 1000U);
  EXPECT_EQ(config.quality.max_drift, 0.25);
  EXPECT_EQ(config.features[0].winsorise, (std::array{0.01, 0.99}));
  EXPECT_EQ(config.features[0].impute, Impute::group);
  EXPECT_EQ(config.features[0].weight, 2.0);
  EXPECT_EQ(config.features[1].encode, Encode::onehot);
  EXPECT_EQ(config.features[1].max_categories, 5U);
  EXPECT_EQ(config.reduction.method, ReductionMethod::factors);
  EXPECT_EQ(config.reduction.rotation, Rotation::none);
  EXPECT_EQ(config.reduction.use, ReductionUse::besides);
  EXPECT_TRUE(config.drop_correlated);
}

TEST(CleaningConfiguration, in_effect_reads_back_to_itself) {
  auto const text = to_toml(parse());
  EXPECT_EQ(to_toml(parse_configuration(text, "back.toml", {})), text);
}

TEST(CleaningConfiguration, changes_nothing_by_default) {
  auto const config = parse_configuration(
      "[run]\nname=\"x\"\n[[table]]\nname=\"t\"\npath=\"t.csv\"\n[table.column.a]\ntype=\"int\"\n[[feature]]"
      "\ncolumn=\"a\"\n",
      "x.toml", {});
  EXPECT_EQ(config.reduction.method, ReductionMethod::none);
  EXPECT_FALSE(config.drop_correlated);
  EXPECT_FALSE(config.quality.max_missing);
  EXPECT_FALSE(config.features[0].winsorise);
  EXPECT_EQ(config.features[0].weight, 1.0);
}

TEST(CleaningConfiguration, refuses_cleaning_of_columns_that_are_no_categories) {
  for (auto const* key : {"trim=false", "fold_case=true", "map={a=\"b\"}", "rare={}"}) {
    EXPECT_THAT(refusal({std::string("table.0.column.age.") + key}), HasSubstr("but is not a category"))
        << key;
  }
  EXPECT_THAT(refusal({"table.0.column.job.rare.name=\"\""}), HasSubstr("rare.name = \"\""));
  EXPECT_THAT(refusal({"table.0.column.job.map={A=\"b\", a=\"c\"}"}), HasSubstr("map leads \"a\""));
  EXPECT_THAT(refusal({"table.0.column.job.map=3"}), HasSubstr("must be a table of texts"));
  EXPECT_THAT(refusal({"table.0.column.job.map={a=3}"}), HasSubstr("must be a table of texts"));
  EXPECT_THAT(refusal({"table.0.column.job.out_of_range=missing"}), HasSubstr("out_of_range but no range"));
}

TEST(CleaningConfiguration, refuses_features_that_do_not_fit_their_column) {
  EXPECT_THAT(refusal({"feature.0.encode=frequency"}),
              HasSubstr("feature.0.column = \"age\" (the column is not a category)"));
  EXPECT_THAT(refusal({"feature.1.encode=none"}),
              HasSubstr("feature.1.column = \"job\" (the column is not a number)"));
  EXPECT_THAT(refusal({"feature.1.transform=log1p"}),
              HasSubstr("feature.1.encode = \"onehot\" with a transform"));
  EXPECT_THAT(refusal({"feature.0.winsorise=[0.6,0.9]"}), HasSubstr("feature.0.winsorise = [0.6, 0.9]"));
  EXPECT_THAT(refusal({"feature.0.winsorise=[0.1,1.9]"}), HasSubstr("0 to 1"));
  EXPECT_THAT(refusal({"feature.0.impute=median"}), HasSubstr("feature.0.impute_by needs impute"));
  EXPECT_THAT(refusal({"feature.0.impute_by=\"\""}),
              HasSubstr("feature.0.impute = \"group\" needs impute_by"));
  EXPECT_THAT(refusal({"feature.0.impute_by=age"}),
              HasSubstr("feature.0.impute_by = \"age\" (table \"customers\" declares no such category)"));
  EXPECT_THAT(refusal({"feature.0.weight=0"}), HasSubstr("feature.0.weight"));
}

TEST(CleaningConfiguration, refuses_gates_and_reductions_that_cannot_be) {
  EXPECT_THAT(refusal({"quality.previous=\"\""}), HasSubstr("quality.max_drift needs quality.previous"));
  EXPECT_THAT(refusal({"quality.max_missing=1.5"}), HasSubstr("quality.max_missing = 1.5"));
  EXPECT_THAT(refusal({"reduction.method=svd"}), HasSubstr("none, pca, factors"));
  EXPECT_THAT(refusal({"reduction.variance=0"}), HasSubstr("reduction.variance"));
}

}  // namespace
}  // namespace tessera
