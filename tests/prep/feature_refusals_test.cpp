// SPDX-License-Identifier: Apache-2.0
#include "tessera/core/error.hpp"
#include "tessera/prep/features.hpp"

#include <array>

#include "prep/customers.hpp"
#include "prep/feature_specs.hpp"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tessera {
namespace {

using test::feature;
using test::features_of_x;
using testing::HasSubstr;

/// The error of building this one feature.
Error refusal(std::vector<double> values, FeatureSpec const& one) {
  try {
    static_cast<void>(features_of_x(std::move(values), {one}));
  } catch (Error const& error) {
    return error;
  }
  return BugError("nothing was thrown");
}

TEST(Features, refuse_a_transform_that_a_value_does_not_allow) {
  for (double const value : {-1.0, -2.0}) {
    auto const error = refusal({5, value, value, 3}, feature("x", Transform::log1p));
    EXPECT_EQ(error.code(), ExitCode::configuration);
    EXPECT_THAT(error.what_is_wrong(), HasSubstr("column x, where 2 values are not above -1"));
  }
  EXPECT_THAT(refusal({5, -0.001, 3}, feature("x", Transform::sqrt)).what_is_wrong(),
              HasSubstr("1 values are not 0 or more"));
  auto imputed = feature("x", Transform::sqrt);
  imputed.impute = Impute::constant;
  imputed.impute_value = -4;
  EXPECT_EQ(refusal({5, test::kNaN, 3}, imputed).code(), ExitCode::configuration);
  EXPECT_EQ(features_of_x({-0.5, 0.0, 7}, {feature("x", Transform::log1p)}).features.size(), 1U);
  EXPECT_EQ(features_of_x({-0.0, 0.0, 7}, {feature("x", Transform::sqrt)}).features.size(), 1U);
}

TEST(Features, refuse_reversed_clip_bounds) {
  for (auto const bounds : {std::array{1.0, -1.0}, std::array{1.0, 1.0}, std::array{test::kNaN, 1.0}}) {
    auto one = feature("x");
    one.clip = bounds;
    EXPECT_THAT(refusal({1, 2}, one).what_is_wrong(), HasSubstr("feature x: clip = ["));
  }
}

TEST(Features, refuse_columns_that_are_not_there_or_not_numeric_and_list_the_choices) {
  for (char const* column : {"y", "job"}) {
    auto const error = refusal({1, 2}, feature(column));
    EXPECT_EQ(error.code(), ExitCode::configuration);
    EXPECT_THAT(error.what_is_wrong(), HasSubstr("\"" + std::string(column) + "\""));
    EXPECT_THAT(error.remedy(), HasSubstr("one of: x"));
  }
  auto other = feature("x");
  other.table = "transactions";
  EXPECT_THAT(refusal({1, 2}, other).what_is_wrong(), HasSubstr("transactions"));
}

TEST(Features, refuse_names_used_twice) {
  EXPECT_THROW(static_cast<void>(features_of_x({1, 2}, {feature("x"), feature("x")})), ConfigurationError);
  auto with = feature("x"), clash = feature("x");
  with.indicator = true;
  clash.name = "x:missing";
  EXPECT_THROW(static_cast<void>(features_of_x({1, 2}, {with, clash})), ConfigurationError);
}

TEST(Features, refuse_to_impute_what_is_no_number) {
  auto one = feature("x");
  one.impute = Impute::constant;
  one.impute_value = test::kNaN;
  EXPECT_EQ(refusal({1, 2}, one).code(), ExitCode::configuration);
}

TEST(Features, refuse_values_that_single_precision_cannot_hold) {
  EXPECT_THAT(refusal({1, 1e200}, feature("x", Transform::none, Scale::none)).what_is_wrong(),
              HasSubstr("single precision"));
  EXPECT_THROW(
      static_cast<void>(features_of_x<double>({1, 1e200}, {feature("x", Transform::none, Scale::none)})),
      ConfigurationError)
      << "distances to customers are told in single precision";
  EXPECT_EQ(features_of_x({1, 1e200}, {feature("x")}).features.size(), 1U);
}

TEST(Features, refuse_to_be_none_and_say_why_each_was_dropped) {
  auto const error = refusal({4, 4, 4}, feature("x"));
  EXPECT_EQ(error.code(), ExitCode::configuration);
  EXPECT_THAT(error.what_is_wrong(),
              HasSubstr("none of 1 features is left: feature x is dropped: it is constant"));
  EXPECT_THAT(refusal({test::kNaN}, feature("x")).what_is_wrong(), HasSubstr("is missing"));
  EXPECT_THROW(static_cast<void>(features_of_x({1, 2}, {})), ConfigurationError);
}

TEST(Features, drop_what_differs_by_less_than_can_be_scaled) {
  std::vector<double> values(200, 0.0);
  values[7] = 5e-324;  // a standard deviation of 5e-324 / 14
  EXPECT_THAT(refusal(values, feature("x")).what_is_wrong(),
              HasSubstr("less than double precision can scale"));
}

TEST(Features, drop_what_only_rounding_or_clipping_made_constant) {
  auto const rounded = refusal({1e9, 1e9 + 1}, feature("x", Transform::none, Scale::none));
  EXPECT_THAT(rounded.what_is_wrong(), HasSubstr("rounding to single precision it is constant"));
  auto clipped = feature("x");
  clipped.clip = {{50, 60}};
  EXPECT_THAT(refusal({1, 2, 3}, clipped).what_is_wrong(), HasSubstr("clipping"));
}

}  // namespace
}  // namespace tessera
