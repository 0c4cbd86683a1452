// SPDX-License-Identifier: Apache-2.0
#include "tessera/prep/features.hpp"
#include "tessera/stats/quantiles.hpp"
#include "tessera/stats/rank.hpp"

#include <algorithm>
#include <cmath>
#include <functional>

#include "prep/customers.hpp"
#include "prep/feature_specs.hpp"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tessera {
namespace {

using test::feature;
using test::features_of_x;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::uint64_t kRecords = 2500;

/// Features of generated customers.
template <class T = float>
Features<T> build(std::vector<FeatureSpec> const& specs) {
  auto const& comm = Communicator::self();
  return build_features<T>(comm, test::placed_customers(comm, kRecords, test::Deal::scattered), specs);
}

/// On this rank alone: the matrix column of the only feature.
std::vector<float> column_of(FeatureSpec const& one) {
  auto const features = build({one});
  EXPECT_EQ(features.matrix.columns, 1U);
  return features.matrix.values;
}

std::vector<double> raw_column(std::string_view name) {
  auto const table = test::placed_customers(Communicator::self(), kRecords, test::Deal::uneven_runs);
  return std::get<NumberColumn>(table.column(name).data).values;
}

TEST(Features, scaled_by_z_score_have_mean_0_and_standard_deviation_1) {
  auto const values = column_of(feature("age"));
  auto const m = moments(Communicator::self(), std::vector<double>(values.begin(), values.end()));
  EXPECT_NEAR(m.mean, 0.0, 1e-7);
  EXPECT_NEAR(m.standard_deviation, 1.0, 1e-7);
}

TEST(Features, scaled_by_minmax_span_0_to_1) {
  auto const values = column_of(feature("balance", Transform::log1p, Scale::minmax));
  EXPECT_EQ(*std::min_element(values.begin(), values.end()), 0.0F);
  EXPECT_EQ(*std::max_element(values.begin(), values.end()), 1.0F);
}

TEST(Features, scaled_robustly_have_median_0_and_interquartile_range_1) {
  auto const values = column_of(feature("age", Transform::sqrt, Scale::robust));
  auto const q = quantiles(Communicator::self(), std::vector<double>(values.begin(), values.end()),
                           std::vector{0.25, 0.5, 0.75});
  EXPECT_NEAR(q[1], 0.0, 1e-7);
  EXPECT_NEAR(q[2] - q[0], 1.0, 1e-6);
}

TEST(Features, unscaled_and_untransformed_are_the_column_with_missing_values_filled) {
  auto const raw = raw_column("balance");
  auto const statistics = describe(Communicator::self(), raw);
  for (auto const impute : {Impute::median, Impute::mean, Impute::constant}) {
    auto one = feature("balance", Transform::none, Scale::none);
    one.impute = impute;
    one.impute_value = -12.5;
    double const filled = impute == Impute::median ? statistics.quantiles[4]
                          : impute == Impute::mean ? statistics.mean
                                                   : -12.5;
    auto const values = column_of(one);
    ASSERT_EQ(values.size(), raw.size());
    for (std::size_t row = 0; row < raw.size(); ++row) {
      ASSERT_EQ(values[row], static_cast<float>(std::isnan(raw[row]) ? filled : raw[row]));
    }
  }
}

TEST(Features, are_transformed_in_double_before_they_are_scaled) {
  auto const raw = raw_column("age");
  std::function<double(double)> const log = [](double v) { return std::log1p(v); };
  std::function<double(double)> const root = [](double v) { return std::sqrt(v); };
  for (auto const& [transform, function] :
       {std::pair(Transform::log1p, log), std::pair(Transform::sqrt, root)}) {
    std::vector<double> expected;
    for (auto const value : raw) expected.push_back(function(value));
    auto const m = moments(Communicator::self(), expected);
    auto const values = column_of(feature("age", transform));
    for (std::size_t row = 0; row < raw.size(); ++row) {
      ASSERT_EQ(values[row], static_cast<float>((expected[row] - m.mean) / m.standard_deviation));
    }
  }
  auto const ranks = fractional_ranks(Communicator::self(), raw);
  auto const values = column_of(feature("age", Transform::rank, Scale::none));
  for (std::size_t row = 0; row < raw.size(); ++row) ASSERT_EQ(values[row], static_cast<float>(ranks[row]));
}

TEST(Features, are_clipped_in_scaled_units) {
  auto one = feature("age");
  auto const unclipped = column_of(one);
  one.clip = {{-0.5, 0.75}};
  auto const clipped = column_of(one);
  for (std::size_t row = 0; row < clipped.size(); ++row) {
    ASSERT_EQ(clipped[row], std::clamp(unclipped[row], -0.5F, 0.75F));
  }
}

TEST(Features, have_an_indicator_where_values_are_missing_and_only_then) {
  auto with = feature("balance");
  with.indicator = true;
  auto without = feature("age");
  without.indicator = true;
  auto const features = build({with, without});
  ASSERT_EQ(features.features.size(), 3U);
  auto const& indicator = features.features[1];
  EXPECT_EQ(indicator.kind, FeatureKind::missing_indicator);
  EXPECT_EQ(features.features[0].kind, FeatureKind::value);
  EXPECT_EQ(indicator.spec.name, "balance:missing");
  EXPECT_EQ(indicator.spec.column, "balance");
  EXPECT_EQ(indicator.raw.missing, 0U);
  EXPECT_EQ(indicator.original(0.25), 0.25);
  auto const raw = raw_column("balance");
  for (std::size_t row = 0; row < raw.size(); ++row) {
    ASSERT_EQ(features.matrix.values[3 * row + 1], std::isnan(raw[row]) ? 1.0F : 0.0F);
  }
  EXPECT_EQ(indicator.raw.mean,
            static_cast<double>(features.features[0].raw.missing) / static_cast<double>(kRecords));
}

TEST(Features, keep_the_indicator_of_a_column_that_is_constant_where_present) {
  auto one = feature("x");
  one.indicator = true;
  auto const features = features_of_x({3, 3, test::kNaN, 3}, {one});
  ASSERT_EQ(features.features.size(), 1U);
  EXPECT_EQ(features.features[0].spec.name, "x:missing");
  EXPECT_THAT(features.matrix.values, ElementsAre(0, 0, 1, 0));
  EXPECT_THAT(features.warnings, ElementsAre("feature x is dropped: it is constant"));
}

TEST(Features, keep_a_column_whose_only_difference_is_being_missing) {
  auto one = feature("x", Transform::none, Scale::minmax);
  one.impute = Impute::constant;
  one.impute_value = 0;
  EXPECT_THAT(features_of_x({3, 3, test::kNaN, 3}, {one}).matrix.values, ElementsAre(1, 1, 0, 1));
}

TEST(Features, fall_back_to_the_standard_deviation_when_the_quartiles_agree) {
  auto const features =
      features_of_x({0, 0, 0, 0, 0, 0, 0, 10}, {feature("x", Transform::none, Scale::robust)});
  ASSERT_EQ(features.warnings.size(), 1U);
  EXPECT_THAT(features.warnings[0], HasSubstr("feature x: scale = \"robust\""));
  EXPECT_EQ(features.features[0].center, 0.0);
  EXPECT_EQ(features.features[0].spread, features.features[0].raw.standard_deviation);
}

TEST(Features, in_double_round_to_those_in_float) {
  std::vector<FeatureSpec> specs{feature("age"), feature("balance", Transform::none, Scale::robust),
                                 feature("opened", Transform::rank, Scale::minmax),
                                 feature("seen", Transform::sqrt)};
  specs[1].indicator = true;
  specs[3].clip = {{-1.5, 1.0}};
  auto const single = build<float>(specs);
  auto const twice = build<double>(specs);
  ASSERT_EQ(single.matrix.values.size(), twice.matrix.values.size());
  std::size_t rounded = 0;
  for (std::size_t i = 0; i < single.matrix.values.size(); ++i) {
    ASSERT_EQ(single.matrix.values[i], static_cast<float>(twice.matrix.values[i])) << i;
    rounded += static_cast<double>(single.matrix.values[i]) == twice.matrix.values[i] ? 0 : 1;
  }
  EXPECT_GT(rounded, single.matrix.values.size() / 2);
  ASSERT_EQ(single.correlation.size(), twice.correlation.size());
  for (std::size_t i = 0; i < single.correlation.size(); ++i)
    EXPECT_NEAR(single.correlation[i], twice.correlation[i], 1e-6);
}

TEST(Features, in_double_are_not_rounded) {
  auto const raw = raw_column("age");
  auto const m = moments(Communicator::self(), raw);
  auto const features = build<double>({feature("age")});
  for (std::size_t row = 0; row < raw.size(); ++row)
    ASSERT_EQ(features.matrix.values[row], (raw[row] - m.mean) / m.standard_deviation);
}

TEST(Features, in_double_keep_what_only_single_precision_takes_for_constant) {
  auto const one = feature("x", Transform::none, Scale::none);
  EXPECT_THAT(features_of_x<double>({1e9, 1e9 + 1}, {one}).matrix.values, ElementsAre(1e9, 1e9 + 1));
}

TEST(Features, give_back_raw_units) {
  for (auto const transform : {Transform::none, Transform::log1p, Transform::sqrt}) {
    for (auto const scale : {Scale::none, Scale::zscore, Scale::robust, Scale::minmax}) {
      auto const features = features_of_x({1, 2, 4, 8, 30}, {feature("x", transform, scale)});
      auto const& feature = features.features[0];
      for (std::size_t row = 0; row < 5; ++row) {
        double const raw = std::vector<double>{1, 2, 4, 8, 30}[row];
        EXPECT_NEAR(feature.original(static_cast<double>(features.matrix.values[row])), raw, 1e-5 * raw);
      }
    }
  }
  auto const ranked = features_of_x({1, 2, 4, 8}, {feature("x", Transform::rank)});
  EXPECT_NEAR(ranked.features[0].original(static_cast<double>(ranked.matrix.values[0])), 0.125, 1e-6);
}

}  // namespace
}  // namespace tessera
