// SPDX-License-Identifier: Apache-2.0
#include "tessera/core/error.hpp"
#include "tessera/prep/correlated.hpp"
#include "tessera/prep/features.hpp"
#include "tessera/prep/reduction.hpp"
#include "tessera/stats/quantiles.hpp"

#include <cmath>
#include <functional>
#include <map>
#include <numeric>

#include "mpi/main.hpp"
#include "prep/customers.hpp"
#include "prep/feature_specs.hpp"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tessera {
namespace {

using test::feature;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::uint64_t kRecords = 3000;

FeatureSpec onehot(std::string column, Scale scale = Scale::none) {
  auto out = feature(std::move(column), Transform::none, scale);
  out.encode = Encode::onehot;
  return out;
}

FeatureSpec grouped(std::string column, std::string by) {
  auto out = feature(std::move(column), Transform::none, Scale::none);
  out.impute = Impute::group;
  out.impute_by = std::move(by);
  return out;
}

std::vector<std::string> names_of(FeatureSet const& features) {
  std::vector<std::string> out;
  for (auto const& feature : features.features) out.push_back(feature.spec.name);
  return out;
}

std::string refusal(std::function<void()> const& work) {
  try {
    work();
  } catch (Error const& error) {
    EXPECT_EQ(error.code(), ExitCode::configuration);
    EXPECT_FALSE(error.why().empty());
    EXPECT_FALSE(error.remedy().empty());
    return error.what();
  }
  ADD_FAILURE() << "was accepted";
  return "";
}

/// Of everything that this page tests, on these ranks.
Features<float> many(Communicator const& comm) {
  auto tails = feature("balance", Transform::log1p);
  tails.winsorise = {{0.05, 0.9}};
  tails.weight = 0.5;
  auto frequency = feature("contact");
  frequency.encode = Encode::frequency;
  auto jobs = onehot("job", Scale::zscore);
  jobs.indicator = true;
  jobs.weight = 2;
  auto other = grouped("balance", "job");
  other.name = "balance by job";
  return build_features<float>(comm, test::placed_customers(comm, kRecords, test::Deal::scattered),
                               {tails, frequency, jobs, other, feature("age")});
}

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
  auto const table = test::placed_customers(Communicator::self(), kRecords, test::Deal::scattered);
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
  auto const table = test::placed_customers(Communicator::self(), kRecords, test::Deal::scattered);
  auto spec = onehot("job");
  spec.max_categories = 1;
  auto const features = build_features<float>(Communicator::self(), table, {spec});
  EXPECT_THAT(names_of(features), ElementsAre("job=admin."));
  ASSERT_EQ(features.warnings.size(), 1U);
  EXPECT_THAT(features.warnings[0], HasSubstr("feature job: 3 categories with"));
  spec.max_categories = 20;
  spec.min_share = 0.3;
  EXPECT_THAT(names_of(build_features<float>(Communicator::self(), table, {spec})),
              ElementsAre("job=admin."));
}

TEST(EncodedFeatures, by_frequency_are_the_share_of_customers_alike) {
  auto const table = test::placed_customers(Communicator::self(), kRecords, test::Deal::scattered);
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
  EXPECT_EQ(features.features[0].frequency.category, jobs.categories);
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

TEST(CorrelatedFeatures, are_reported_in_pairs_and_the_later_dropped) {
  auto table = test::table_of({1, 2, 3, 4, 6});
  table.columns.push_back({"twice", ColumnType::real, NumberColumn{{2, 4, 6, 8, 12}}});
  table.columns.push_back({"other", ColumnType::real, NumberColumn{{1, -1, 1, -1, 1}}});
  table.columns.push_back({"less", ColumnType::real, NumberColumn{{-1, -2, -3, -4, -6}}});
  auto features = build_features<float>(Communicator::self(), table,
                                        {feature("x"), feature("other"), feature("twice"), feature("less")});
  auto const other = features.matrix.values[1];
  auto const pairs = correlated_features(features, 0.95);
  ASSERT_EQ(pairs.size(), 3U);
  EXPECT_EQ(pairs[0].a, "x");
  EXPECT_EQ(pairs[0].b, "twice");
  EXPECT_NEAR(pairs[1].r, -1.0, 1e-6);
  drop_correlated(features, 0.95);
  EXPECT_THAT(names_of(features), ElementsAre("x", "other"));
  EXPECT_EQ(features.matrix.columns, 2U);
  EXPECT_EQ(features.matrix.values.size(), 10U);
  EXPECT_EQ(features.matrix.values[1], other);
  EXPECT_EQ(features.correlation.size(), 4U);
  EXPECT_THAT(features.warnings.back(), HasSubstr("feature less is dropped: it correlates with x"));
}

ReductionSpec reduction(ReductionMethod method, std::uint64_t components,
                        ReductionUse use = ReductionUse::instead) {
  ReductionSpec out;
  out.method = method;
  out.components = components;
  out.use = use;
  return out;
}

TEST(Reduction, gives_the_same_bits_on_any_number_of_ranks) {
  for (auto const method : {ReductionMethod::principal_components, ReductionMethod::factors}) {
    for (auto const use : {ReductionUse::instead, ReductionUse::besides}) {
      auto here = many(test::world()), alone = many(Communicator::self());
      auto const ours = reduce_features(test::world(), here, reduction(method, 2, use));
      auto const theirs = reduce_features(Communicator::self(), alone, reduction(method, 2, use));
      EXPECT_EQ(test::bits(ours.solution.loading), test::bits(theirs.solution.loading));
      EXPECT_EQ(test::concatenated(test::world(), here.matrix.values), alone.matrix.values);
      EXPECT_EQ(test::bits(here.correlation), test::bits(alone.correlation));
      EXPECT_EQ(names_of(here), names_of(alone));
    }
  }
}

TEST(Reduction, gives_components_that_are_uncorrelated_with_the_eigenvalues_as_variances) {
  auto features = many(Communicator::self());
  auto const found =
      reduce_features(Communicator::self(), features, reduction(ReductionMethod::principal_components, 3));
  EXPECT_THAT(names_of(features), ElementsAre("component1", "component2", "component3"));
  EXPECT_EQ(features.features[0].kind, FeatureKind::score);
  for (std::size_t c = 0; c < 3; ++c) {
    double const deviation = features.features[c].raw.standard_deviation;
    EXPECT_NEAR(deviation * deviation, found.solution.eigenvalue[c], 1e-4);
    EXPECT_NEAR(features.features[c].raw.mean, 0.0, 1e-6);
    for (std::size_t other = 0; other < c; ++other)
      EXPECT_NEAR(features.correlation[3 * c + other], 0.0, 1e-4);
  }
  EXPECT_EQ(found.inputs.size(), 8U);
}

TEST(Reduction, keeps_the_features_besides_the_scores_when_asked_to) {
  auto features = many(Communicator::self());
  auto const before = features.matrix;
  static_cast<void>(reduce_features(Communicator::self(), features,
                                    reduction(ReductionMethod::factors, 2, ReductionUse::besides)));
  EXPECT_EQ(features.matrix.columns, 10U);
  EXPECT_EQ(names_of(features)[8], "factor1");
  for (std::size_t row = 0; row < before.rows(); ++row) {
    for (std::size_t c = 0; c < 8; ++c)
      ASSERT_EQ(features.matrix.values[10 * row + c], before.values[8 * row + c]);
  }
}

TEST(Reduction, takes_as_many_components_as_the_variance_asks_for) {
  auto features = many(Communicator::self());
  auto spec = reduction(ReductionMethod::principal_components, 0);
  spec.variance = 0.5;
  auto const found = reduce_features(Communicator::self(), features, spec);
  auto const& explained = found.solution.explained;
  EXPECT_GE(std::accumulate(explained.begin(), explained.end(), 0.0), 0.5);
  EXPECT_LT(std::accumulate(explained.begin(), explained.end() - 1, 0.0), 0.5);
}

TEST(Reduction, refuses_more_components_than_there_are_directions) {
  auto features = many(test::world());  // the one-hot features and their indicator add up to one
  EXPECT_THAT(refusal([&] {
                static_cast<void>(reduce_features(test::world(), features,
                                                  reduction(ReductionMethod::principal_components, 8)));
              }),
              HasSubstr("reduction.components = 8, but the 8 features have 7 independent directions"));
}

TEST(Reduction, refuses_a_feature_with_the_name_of_a_score) {
  auto spec = feature("age");
  spec.name = "component1";
  auto features =
      build_features<float>(test::world(), test::placed_customers(test::world(), 100, test::Deal::scattered),
                            {spec, feature("balance")});
  EXPECT_THAT(refusal([&] {
                static_cast<void>(reduce_features(test::world(), features,
                                                  reduction(ReductionMethod::principal_components, 1)));
              }),
              HasSubstr("feature component1 has the name of a score"));
}

}  // namespace
}  // namespace tessera
