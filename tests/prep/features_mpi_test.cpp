// SPDX-License-Identifier: Apache-2.0
#include "tessera/core/error.hpp"
#include "tessera/prep/features.hpp"
#include "tessera/stats/correlation.hpp"

#include <cmath>
#include <cstdlib>

#include "mpi/main.hpp"
#include "prep/customers.hpp"
#include "prep/feature_specs.hpp"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tessera {
namespace {

using test::Deal;
using test::feature;
using testing::ElementsAre;

constexpr std::uint64_t kRecords = 2500;

/// One specification of everything.
std::vector<FeatureSpec> many_specs() {
  std::vector<FeatureSpec> out{feature("age"),
                               feature("balance", Transform::log1p, Scale::robust),
                               feature("opened", Transform::rank, Scale::minmax),
                               feature("constant"),
                               feature("seen", Transform::sqrt, Scale::zscore),
                               feature("nothing"),
                               feature("balance", Transform::none, Scale::none)};
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

template <class T>
Summary summary(Communicator const& comm, Features<T> const& features) {
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

template <class T = float>
Features<T> build(Communicator const& comm, std::vector<FeatureSpec> const& specs,
                  Deal deal = Deal::scattered) {
  return build_features<T>(comm, test::placed_customers(comm, kRecords, deal), specs);
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

TEST(Features, in_double_are_the_same_bits_for_any_number_of_ranks_and_any_file_order) {
  auto const expected =
      summary(Communicator::self(), build<double>(Communicator::self(), many_specs(), Deal::uneven_runs));
  for (auto const deal : {Deal::uneven_runs, Deal::scattered})
    EXPECT_TRUE(summary(test::world(), build<double>(test::world(), many_specs(), deal)) == expected);
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
  EXPECT_EQ(features.correlation, correlation(test::world(), features.matrix));
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

}  // namespace
}  // namespace tessera
