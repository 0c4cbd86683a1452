// SPDX-License-Identifier: Apache-2.0
#include "tessera/core/error.hpp"
#include "tessera/prep/features.hpp"
#include "tessera/stats/correlation.hpp"
#include "tessera/stats/quantiles.hpp"
#include "tessera/stats/rank.hpp"

#include <cmath>
#include <cstdlib>
#include <functional>
#include <limits>

#include "mpi/main.hpp"
#include "prep/customers.hpp"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tessera {
namespace {

using test::Deal;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::uint64_t kRecords = 2500;

FeatureSpec spec(std::string column, Transform transform = Transform::none, Scale scale = Scale::zscore) {
  FeatureSpec out;
  out.name = column;
  out.table = "customers";
  out.column = std::move(column);
  out.transform = transform;
  out.scale = scale;
  return out;
}

/// One specification of everything.
std::vector<FeatureSpec> many_specs() {
  std::vector<FeatureSpec> out{spec("age"),
                               spec("balance", Transform::log1p, Scale::robust),
                               spec("opened", Transform::rank, Scale::minmax),
                               spec("constant"),
                               spec("seen", Transform::sqrt, Scale::zscore),
                               spec("nothing"),
                               spec("balance", Transform::none, Scale::none)};
  out[1].indicator = true;
  out[5].indicator = true;
  out[4].clip = {{-1.5, 1.0}};
  out[6].name = "raw balance";
  out[6].impute = Impute::mean;
  return out;
}

/// Everything about features that results are made of, as bits.
struct Summary {
  std::vector<std::uint64_t> matrix;
  std::vector<std::uint64_t> numbers;
  std::vector<std::string> texts;
  bool operator==(Summary const&) const = default;
};

Summary summary(Communicator const& comm, Features const& features) {
  Summary out;
  for (auto const value : test::concatenated(comm, features.matrix.values)) {
    out.matrix.push_back(test::bits(static_cast<double>(value)));
  }
  out.numbers = test::bits(features.correlation);
  out.texts = features.warnings;
  for (auto const& f : features.features) {
    out.texts.push_back(f.spec.name);
    for (double const value :
         {f.imputed, f.center, f.spread, f.raw.mean, f.raw.kurtosis, f.raw.quantiles[4]}) {
      out.numbers.push_back(test::bits(value));
    }
  }
  return out;
}

Features build(Communicator const& comm, std::vector<FeatureSpec> const& specs, Deal deal = Deal::scattered) {
  return build_features(comm, test::placed_customers(comm, kRecords, deal), specs);
}

/// On this rank alone: the matrix column of the only feature.
std::vector<float> column_of(FeatureSpec const& one) {
  auto const features = build(Communicator::self(), {one});
  EXPECT_EQ(features.matrix.columns, 1U);
  return features.matrix.values;
}

std::vector<double> raw_column(std::string_view name) {
  auto const table = test::placed_customers(Communicator::self(), kRecords, Deal::uneven_runs);
  return std::get<NumberColumn>(table.column(name).data).values;
}

TEST(Features, are_the_same_bits_for_any_number_of_ranks_and_any_file_order) {
  auto const expected =
      summary(Communicator::self(), build(Communicator::self(), many_specs(), Deal::uneven_runs));
  EXPECT_TRUE(summary(Communicator::self(), build(Communicator::self(), many_specs(), Deal::scattered)) ==
              expected);
  for (auto const deal : {Deal::uneven_runs, Deal::scattered}) {
    EXPECT_TRUE(summary(test::world(), build(test::world(), many_specs(), deal)) == expected);
  }
}

TEST(Features, leave_out_columns_that_say_nothing_and_tell_why) {
  auto const features = build(test::world(), many_specs());
  std::vector<std::string> names;
  for (auto const& feature : features.features) names.push_back(feature.spec.name);
  EXPECT_THAT(names, ElementsAre("age", "balance", "balance:missing", "opened", "seen", "raw balance"));
  EXPECT_EQ(features.matrix.columns, names.size());
  EXPECT_EQ(features.matrix.values.size(), features.matrix.rows() * names.size());
  EXPECT_EQ(features.correlation.size(), names.size() * names.size());
  EXPECT_THAT(features.warnings,
              ElementsAre("feature nothing is dropped: every value of column nothing is missing",
                          "feature constant is dropped: it is constant"));
}

TEST(Features, are_complete_and_finite) {
  auto const features = build(test::world(), many_specs());
  for (auto const value : features.matrix.values) EXPECT_TRUE(std::isfinite(value));
}

TEST(Features, carry_the_correlation_of_their_matrix) {
  auto const features = build(test::world(), many_specs());
  EXPECT_EQ(features.correlation, correlation(test::world(), features.matrix.blocks, features.matrix.values,
                                              features.matrix.columns));
}

TEST(Features, scaled_by_z_score_have_mean_0_and_standard_deviation_1) {
  auto const values = column_of(spec("age"));
  auto const m = moments(Communicator::self(), std::vector<double>(values.begin(), values.end()));
  EXPECT_NEAR(m.mean, 0.0, 1e-7);
  EXPECT_NEAR(m.standard_deviation, 1.0, 1e-7);
}

TEST(Features, scaled_by_minmax_span_0_to_1) {
  auto const values = column_of(spec("balance", Transform::log1p, Scale::minmax));
  EXPECT_EQ(*std::min_element(values.begin(), values.end()), 0.0F);
  EXPECT_EQ(*std::max_element(values.begin(), values.end()), 1.0F);
}

TEST(Features, scaled_robustly_have_median_0_and_interquartile_range_1) {
  auto const values = column_of(spec("age", Transform::sqrt, Scale::robust));
  auto const q = quantiles(Communicator::self(), std::vector<double>(values.begin(), values.end()),
                           std::vector{0.25, 0.5, 0.75});
  EXPECT_NEAR(q[1], 0.0, 1e-7);
  EXPECT_NEAR(q[2] - q[0], 1.0, 1e-6);
}

TEST(Features, unscaled_and_untransformed_are_the_column_with_missing_values_filled) {
  auto const raw = raw_column("balance");
  auto const statistics = describe(Communicator::self(), raw);
  for (auto const impute : {Impute::median, Impute::mean, Impute::constant}) {
    auto one = spec("balance", Transform::none, Scale::none);
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
    auto const values = column_of(spec("age", transform));
    for (std::size_t row = 0; row < raw.size(); ++row) {
      ASSERT_EQ(values[row], static_cast<float>((expected[row] - m.mean) / m.standard_deviation));
    }
  }
  auto const ranks = fractional_ranks(Communicator::self(), raw);
  auto const values = column_of(spec("age", Transform::rank, Scale::none));
  for (std::size_t row = 0; row < raw.size(); ++row) ASSERT_EQ(values[row], static_cast<float>(ranks[row]));
}

TEST(Features, are_clipped_in_scaled_units) {
  auto one = spec("age");
  auto const unclipped = column_of(one);
  one.clip = {{-0.5, 0.75}};
  auto const clipped = column_of(one);
  for (std::size_t row = 0; row < clipped.size(); ++row) {
    ASSERT_EQ(clipped[row], std::clamp(unclipped[row], -0.5F, 0.75F));
  }
}

TEST(Features, have_an_indicator_where_values_are_missing_and_only_then) {
  auto with = spec("balance");
  with.indicator = true;
  auto without = spec("age");
  without.indicator = true;
  auto const features = build(Communicator::self(), {with, without});
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

Table table_of(std::vector<double> values) {
  Table table;
  table.name = "customers";
  table.keys.resize(values.size());
  table.blocks = regular_blocks(values.size(), 0, 1);
  table.columns = {
      {"x", ColumnType::real, NumberColumn{std::move(values)}},
      {"job", ColumnType::category, CategoryColumn{std::vector(table.keys.size(), 0), {"admin."}}}};
  return table;
}

Features build(std::vector<double> values, FeatureSpec const& one) {
  return build_features(Communicator::self(), table_of(std::move(values)), {one});
}

TEST(Features, keep_the_indicator_of_a_column_that_is_constant_where_present) {
  auto one = spec("x");
  one.indicator = true;
  auto const features = build({3, 3, test::kNaN, 3}, one);
  ASSERT_EQ(features.features.size(), 1U);
  EXPECT_EQ(features.features[0].spec.name, "x:missing");
  EXPECT_THAT(features.matrix.values, ElementsAre(0, 0, 1, 0));
  EXPECT_THAT(features.warnings, ElementsAre("feature x is dropped: it is constant"));
}

TEST(Features, keep_a_column_whose_only_difference_is_being_missing) {
  auto one = spec("x", Transform::none, Scale::minmax);
  one.impute = Impute::constant;
  one.impute_value = 0;
  EXPECT_THAT(build({3, 3, test::kNaN, 3}, one).matrix.values, ElementsAre(1, 1, 0, 1));
}

TEST(Features, fall_back_to_the_standard_deviation_when_the_quartiles_agree) {
  auto const features = build({0, 0, 0, 0, 0, 0, 0, 10}, spec("x", Transform::none, Scale::robust));
  ASSERT_EQ(features.warnings.size(), 1U);
  EXPECT_THAT(features.warnings[0], HasSubstr("feature x: scale = \"robust\""));
  EXPECT_EQ(features.features[0].center, 0.0);
  EXPECT_EQ(features.features[0].spread, features.features[0].raw.standard_deviation);
}

TEST(Features, give_back_raw_units) {
  for (auto const transform : {Transform::none, Transform::log1p, Transform::sqrt}) {
    for (auto const scale : {Scale::none, Scale::zscore, Scale::robust, Scale::minmax}) {
      auto const features = build({1, 2, 4, 8, 30}, spec("x", transform, scale));
      auto const& feature = features.features[0];
      for (std::size_t row = 0; row < 5; ++row) {
        double const raw = std::vector<double>{1, 2, 4, 8, 30}[row];
        EXPECT_NEAR(feature.original(static_cast<double>(features.matrix.values[row])), raw, 1e-5 * raw);
      }
    }
  }
  auto const ranked = build({1, 2, 4, 8}, spec("x", Transform::rank));
  EXPECT_NEAR(ranked.features[0].original(static_cast<double>(ranked.matrix.values[0])), 0.125, 1e-6);
}

/// The error of building this one feature.
Error refusal(std::vector<double> values, FeatureSpec const& one) {
  try {
    static_cast<void>(build(std::move(values), one));
  } catch (Error const& error) {
    return error;
  }
  return BugError("nothing was thrown");
}

TEST(Features, refuse_a_transform_that_a_value_does_not_allow) {
  for (double const value : {-1.0, -2.0}) {
    auto const error = refusal({5, value, value, 3}, spec("x", Transform::log1p));
    EXPECT_EQ(error.code(), ExitCode::configuration);
    EXPECT_THAT(error.what_is_wrong(), HasSubstr("column x, where 2 values are not above -1"));
  }
  EXPECT_THAT(refusal({5, -0.001, 3}, spec("x", Transform::sqrt)).what_is_wrong(),
              HasSubstr("1 values are not 0 or more"));
  auto imputed = spec("x", Transform::sqrt);
  imputed.impute = Impute::constant;
  imputed.impute_value = -4;
  EXPECT_EQ(refusal({5, test::kNaN, 3}, imputed).code(), ExitCode::configuration);
  EXPECT_EQ(build({-0.5, 0.0, 7}, spec("x", Transform::log1p)).features.size(), 1U);
  EXPECT_EQ(build({-0.0, 0.0, 7}, spec("x", Transform::sqrt)).features.size(), 1U);
}

TEST(Features, refuse_reversed_clip_bounds) {
  for (auto const bounds : {std::array{1.0, -1.0}, std::array{1.0, 1.0}, std::array{test::kNaN, 1.0}}) {
    auto one = spec("x");
    one.clip = bounds;
    EXPECT_THAT(refusal({1, 2}, one).what_is_wrong(), HasSubstr("feature x: clip = ["));
  }
}

TEST(Features, refuse_columns_that_are_not_there_or_not_numeric_and_list_the_choices) {
  for (char const* column : {"y", "job"}) {
    auto const error = refusal({1, 2}, spec(column));
    EXPECT_EQ(error.code(), ExitCode::configuration);
    EXPECT_THAT(error.what_is_wrong(), HasSubstr("\"" + std::string(column) + "\""));
    EXPECT_THAT(error.remedy(), HasSubstr("one of: x"));
  }
  auto other = spec("x");
  other.table = "transactions";
  EXPECT_THAT(refusal({1, 2}, other).what_is_wrong(), HasSubstr("transactions"));
}

TEST(Features, refuse_names_used_twice) {
  auto const table = table_of({1, 2});
  EXPECT_THROW(static_cast<void>(build_features(Communicator::self(), table, {spec("x"), spec("x")})),
               ConfigurationError);
  auto with = spec("x"), clash = spec("x");
  with.indicator = true;
  clash.name = "x:missing";
  EXPECT_THROW(static_cast<void>(build_features(Communicator::self(), table, {with, clash})),
               ConfigurationError);
}

TEST(Features, refuse_to_impute_what_is_no_number) {
  auto one = spec("x");
  one.impute = Impute::constant;
  one.impute_value = test::kNaN;
  EXPECT_EQ(refusal({1, 2}, one).code(), ExitCode::configuration);
}

TEST(Features, refuse_values_that_single_precision_cannot_hold) {
  EXPECT_THAT(refusal({1, 1e200}, spec("x", Transform::none, Scale::none)).what_is_wrong(),
              HasSubstr("single precision"));
  EXPECT_EQ(build({1, 1e200}, spec("x")).features.size(), 1U);
}

TEST(Features, refuse_to_be_none_and_say_why_each_was_dropped) {
  auto const error = refusal({4, 4, 4}, spec("x"));
  EXPECT_EQ(error.code(), ExitCode::configuration);
  EXPECT_THAT(error.what_is_wrong(),
              HasSubstr("none of 1 features is left: feature x is dropped: it is constant"));
  EXPECT_THAT(refusal({test::kNaN}, spec("x")).what_is_wrong(), HasSubstr("is missing"));
  EXPECT_THROW(static_cast<void>(build_features(Communicator::self(), table_of({1, 2}), {})),
               ConfigurationError);
}

TEST(Features, drop_what_differs_by_less_than_can_be_scaled) {
  std::vector<double> values(200, 0.0);
  values[7] = 5e-324;  // a standard deviation of 5e-324 / 14
  EXPECT_THAT(refusal(values, spec("x")).what_is_wrong(), HasSubstr("less than double precision can scale"));
}

TEST(Features, fail_on_every_rank_when_one_fails) {
  auto const& comm = test::world();
  setenv("TESSERA_FAULT", ("features:" + std::to_string(comm.size() - 1)).c_str(), 1);
  try {
    static_cast<void>(build(comm, many_specs()));
    ADD_FAILURE() << "the planted failure was lost";
  } catch (Error const& error) {
    EXPECT_EQ(error.code(), ExitCode::resources);
  }
  unsetenv("TESSERA_FAULT");
}

TEST(Features, drop_what_only_rounding_or_clipping_made_constant) {
  auto const rounded = refusal({1e9, 1e9 + 1}, spec("x", Transform::none, Scale::none));
  EXPECT_THAT(rounded.what_is_wrong(), HasSubstr("rounding to single precision it is constant"));
  auto clipped = spec("x");
  clipped.clip = {{50, 60}};
  EXPECT_THAT(refusal({1, 2, 3}, clipped).what_is_wrong(), HasSubstr("clipping"));
}

}  // namespace
}  // namespace tessera
