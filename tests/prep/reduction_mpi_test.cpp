// SPDX-License-Identifier: Apache-2.0
#include "tessera/prep/correlated.hpp"
#include "tessera/prep/reduction.hpp"

#include <numeric>

#include "mpi/main.hpp"
#include "prep/customers.hpp"
#include "prep/encoded_features.hpp"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tessera {
namespace {

using test::feature;
using test::many;
using test::names_of;
using test::refusal;
using testing::ElementsAre;
using testing::HasSubstr;

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

TEST(Reduction, refuses_factors_of_features_that_have_nothing_in_common) {
  auto table = test::table_of({1, 1, -1, -1});
  table.columns.push_back({"other", ColumnType::real, NumberColumn{{1, -1, 1, -1}}});
  auto features = build_features<double>(Communicator::self(), table, {feature("x"), feature("other")});
  auto const message = refusal([&] {
    static_cast<void>(
        reduce_features(Communicator::self(), features, reduction(ReductionMethod::factors, 1)));
  });
  EXPECT_THAT(message, HasSubstr("of 1 factors none explains anything"));
  EXPECT_THAT(message, HasSubstr("set reduction.method to pca"));
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
