// SPDX-License-Identifier: Apache-2.0
#include "tessera/prep/features.hpp"

#include <cmath>
#include <map>

#include "mpi/main.hpp"
#include "prep/customers.hpp"
#include "prep/encoded_features.hpp"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tessera {
namespace {

using test::feature;
using test::grouped;
using test::kEncoded;
using test::many;
using test::names_of;
using test::onehot;
using test::refusal;
using testing::ElementsAre;
using testing::HasSubstr;

TEST(EncodedFeatures, have_the_same_bits_on_any_number_of_ranks) {
  auto const here = many(test::world());
  auto const alone = many(Communicator::self());
  EXPECT_EQ(names_of(here), names_of(alone));
  EXPECT_EQ(test::concatenated(test::world(), here.matrix.values), alone.matrix.values);
  EXPECT_EQ(here.warnings, alone.warnings);
  for (std::size_t f = 0; f < alone.features.size(); ++f) {
    EXPECT_EQ(here.features[f].winsorised, alone.features[f].winsorised);
    EXPECT_EQ(here.features[f].imputed_by_group.value, alone.features[f].imputed_by_group.value);
    EXPECT_EQ(here.features[f].frequency.value, alone.features[f].frequency.value);
  }
}

TEST(EncodedFeatures, are_one_a_category_that_somebody_has) {
  auto const features = many(Communicator::self());
  EXPECT_THAT(names_of(features), ElementsAre("balance", "contact", "job=admin.", "job=retired",
                                              "job=student", "job:missing", "balance by job", "age"));
  EXPECT_EQ(features.features[2].kind, FeatureKind::category);
  EXPECT_EQ(features.features[2].category, "admin.");
}

TEST(EncodedFeatures, unscaled_are_zero_and_the_weight) {
  auto spec = onehot("job");
  spec.weight = 3;
  auto const table = test::placed_customers(Communicator::self(), kEncoded, test::Deal::scattered);
  auto const features = build_features<float>(Communicator::self(), table, {spec});
  auto const& jobs = std::get<CategoryColumn>(table.column("job").data);
  for (std::size_t row = 0; row < table.rows(); ++row) {
    for (std::size_t c = 0; c < 3; ++c) {
      auto const code = jobs.codes[row];
      bool const has = code != kMissingCode &&
                       jobs.categories[static_cast<std::size_t>(code)] == features.features[c].category;
      ASSERT_EQ(features.matrix.values[3 * row + c], has ? 3.0F : 0.0F);
    }
  }
  EXPECT_EQ(features.features[0].original(3.0), 1.0);
}

TEST(EncodedFeatures, are_no_more_than_asked_for_and_say_who_is_left_out) {
  auto const table = test::placed_customers(Communicator::self(), kEncoded, test::Deal::scattered);
  auto spec = onehot("job");
  spec.max_categories = 1;
  auto const features = build_features<float>(Communicator::self(), table, {spec});
  EXPECT_THAT(names_of(features), ElementsAre("job=admin."));
  ASSERT_EQ(features.warnings.size(), 1U);
  EXPECT_THAT(features.warnings[0], HasSubstr("feature job: 2 categories with"));
  spec.max_categories = 20;
  spec.min_share = 0.3;
  EXPECT_THAT(names_of(build_features<float>(Communicator::self(), table, {spec})),
              ElementsAre("job=admin."));
}

/// On this rank alone, from the column job with these codes into admin., pilot and retired.
Features<double> of_jobs(std::vector<std::int32_t> codes, FeatureSpec const& spec) {
  std::vector<double> x;
  for (std::size_t row = 0; row < codes.size(); ++row) x.push_back(static_cast<double>(row));
  auto table = test::table_of(x);
  table.columns.push_back(
      {"job", ColumnType::category, CategoryColumn{std::move(codes), {"admin.", "pilot", "retired"}}});
  return build_features<double>(Communicator::self(), table, {feature("x"), spec});
}

TEST(EncodedFeatures, of_a_column_without_any_value_are_dropped_with_their_indicator) {
  auto spec = onehot("job");
  spec.indicator = true;
  auto const features = of_jobs({-1, -1, -1}, spec);
  EXPECT_THAT(names_of(features), ElementsAre("x"));
  EXPECT_THAT(features.warnings, ElementsAre("feature job is dropped: every value of column job is missing"));
}

TEST(EncodedFeatures, of_which_none_is_frequent_enough_leave_their_indicator) {
  auto spec = onehot("job");
  spec.min_share = 0.9;
  auto without = of_jobs({0, 2, 0, -1}, spec);
  EXPECT_THAT(names_of(without), ElementsAre("x"));
  EXPECT_THAT(without.warnings, ElementsAre(HasSubstr("2 categories with 3 customers get no feature"),
                                            "feature job is dropped: no category of column job has a share "
                                            "of 0.9"));
  spec.indicator = true;
  auto const with = of_jobs({0, 2, 0, -1}, spec);
  EXPECT_THAT(names_of(with), ElementsAre("x", "job:missing"));
  EXPECT_EQ(with.warnings.size(), 1U);
}

TEST(EncodedFeatures, know_nothing_of_categories_that_nobody_has) {
  auto spec = onehot("job");
  spec.max_categories = 1;
  EXPECT_THAT(of_jobs({0, 2, 0}, spec).warnings, ElementsAre(HasSubstr("1 categories with 1 customers")));
  spec = feature("job");
  spec.encode = Encode::frequency;
  EXPECT_THAT(of_jobs({0, 2, 0}, spec).features[1].frequency.category, ElementsAre("admin.", "retired"));
}

TEST(EncodedFeatures, by_frequency_are_the_share_of_customers_alike) {
  auto const table = test::placed_customers(Communicator::self(), kEncoded, test::Deal::scattered);
  auto spec = feature("job", Transform::none, Scale::none);
  spec.encode = Encode::frequency;
  auto const features = build_features<double>(Communicator::self(), table, {spec});
  auto const& jobs = std::get<CategoryColumn>(table.column("job").data);
  std::map<std::int32_t, double> counts;
  double present = 0;
  for (auto const code : jobs.codes) {
    if (code == kMissingCode) continue;
    ++counts[code];
    ++present;
  }
  for (std::size_t row = 0; row < table.rows(); ++row) {
    if (jobs.codes[row] == kMissingCode) continue;
    ASSERT_EQ(features.matrix.values[row], counts[jobs.codes[row]] / present);
  }
  EXPECT_EQ(features.features[0].frequency.category.size(), counts.size());
}

TEST(EncodedFeatures, refuse_settings_that_do_not_go_together) {
  auto const table = test::placed_customers(Communicator::self(), 100, test::Deal::scattered);
  auto const refused = [&](FeatureSpec const& spec) {
    return refusal([&] { static_cast<void>(build_features<float>(Communicator::self(), table, {spec})); });
  };
  auto spec = onehot("job");
  spec.transform = Transform::log1p;
  EXPECT_THAT(refused(spec), HasSubstr("encode = \"onehot\" with a transform"));
  EXPECT_THAT(refused(onehot("age")), HasSubstr("not a category column"));
  EXPECT_THAT(refused(feature("job")), HasSubstr("not a number or date column"));
  EXPECT_THAT(refused(grouped("age", "")), HasSubstr("impute_by = \"\""));
  EXPECT_THAT(refused(grouped("age", "balance")), HasSubstr("not a category column"));
  spec = feature("age");
  spec.impute_by = "job";
  EXPECT_THAT(refused(spec), HasSubstr("impute_by = \"job\""));
  spec = feature("age");
  spec.winsorise = {{0.6, 0.9}};
  EXPECT_THAT(refused(spec), HasSubstr("winsorise = [0.6, 0.9]"));
  spec = feature("age");
  spec.weight = 0;
  EXPECT_THAT(refused(spec), HasSubstr("weight = 0"));
}

TEST(EncodedFeatures, refuse_a_category_that_takes_the_name_of_another_feature) {
  auto const table = test::placed_customers(Communicator::self(), 100, test::Deal::scattered);
  auto other = feature("age");
  other.name = "job=admin.";
  EXPECT_THAT(refusal([&] {
                static_cast<void>(build_features<float>(Communicator::self(), table, {onehot("job"), other}));
              }),
              HasSubstr("a name which is taken"));
}

TEST(EncodedFeatures, refuse_a_category_that_takes_the_name_of_an_indicator) {
  auto table = test::table_of({1, test::kNaN, 3});
  table.columns.push_back({"job", ColumnType::category, CategoryColumn{{0, 1, 1}, {"a", "b:missing"}}});
  auto other = feature("x");
  other.name = "job=b";
  other.indicator = true;
  EXPECT_THAT(refusal([&] {
                static_cast<void>(build_features<float>(Communicator::self(), table, {onehot("job"), other}));
              }),
              HasSubstr("a name which is taken"));
}

TEST(Winsorising, moves_the_tails_to_exact_quantiles_and_counts_them) {
  auto spec = feature("x", Transform::none, Scale::none);
  spec.winsorise = {{0.25, 0.75}};
  auto const features = test::features_of_x<double>({1, 2, 3, 4, 100, test::kNaN}, {spec});
  EXPECT_THAT(features.matrix.values, ElementsAre(2, 2, 3, 4, 4, 3));
  EXPECT_EQ(features.features[0].winsorised, 2U);
  EXPECT_THAT(features.features[0].bounds, ElementsAre(2, 4));
  EXPECT_EQ(features.features[0].raw.max, 100) << "raw statistics are of the column as it came";
}

TEST(Winsorising, comes_before_the_mean_that_is_imputed) {
  auto spec = feature("x", Transform::none, Scale::none);
  spec.winsorise = {{0.25, 0.75}};
  spec.impute = Impute::mean;
  EXPECT_THAT(test::features_of_x<double>({1, 2, 3, 4, 100, test::kNaN}, {spec}).matrix.values,
              ElementsAre(2, 2, 3, 4, 4, 3));
  spec.impute = Impute::constant;
  spec.impute_value = -7;
  EXPECT_THAT(test::features_of_x<double>({1, 2, 3, 4, 100, test::kNaN}, {spec}).matrix.values,
              ElementsAre(2, 2, 3, 4, 4, -7));
}

TEST(ImputingByGroup, takes_the_median_of_the_same_group_or_of_all) {
  auto table = test::table_of({1, 3, test::kNaN, 10, test::kNaN, test::kNaN, test::kNaN});
  table.columns.push_back({"job", ColumnType::category,
                           CategoryColumn{{0, 0, 0, 1, 1, 2, kMissingCode}, {"clerk", "nurse", "pilot"}}});
  auto const features = build_features<double>(Communicator::self(), table, {grouped("x", "job")});
  EXPECT_THAT(features.matrix.values, ElementsAre(1, 3, 2, 10, 10, 3, 3));
  EXPECT_THAT(features.features[0].imputed_by_group.category, ElementsAre("clerk", "nurse"));
  EXPECT_THAT(features.features[0].imputed_by_group.value, ElementsAre(2, 10));
  EXPECT_EQ(features.features[0].imputed, 3);
}

}  // namespace
}  // namespace tessera
