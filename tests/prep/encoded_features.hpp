// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/core/error.hpp"
#include "tessera/prep/features.hpp"

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "prep/customers.hpp"
#include "prep/feature_specs.hpp"
#include <gtest/gtest.h>

/// Features of categories and of what is missing, to build in tests.
namespace tessera::test {

inline constexpr std::uint64_t kEncoded = 3000;

inline FeatureSpec onehot(std::string column, Scale scale = Scale::none) {
  auto out = feature(std::move(column), Transform::none, scale);
  out.encode = Encode::onehot;
  return out;
}

inline FeatureSpec grouped(std::string column, std::string by) {
  auto out = feature(std::move(column), Transform::none, Scale::none);
  out.impute = Impute::group;
  out.impute_by = std::move(by);
  return out;
}

inline std::vector<std::string> names_of(FeatureSet const& features) {
  std::vector<std::string> out;
  for (auto const& feature : features.features) out.push_back(feature.spec.name);
  return out;
}

inline std::string refusal(std::function<void()> const& work) {
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

/// Some of every kind, on these ranks.
inline Features<float> many(Communicator const& comm) {
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
  return build_features<float>(comm, placed_customers(comm, kEncoded, Deal::scattered),
                               {tails, frequency, jobs, other, feature("age")});
}

}  // namespace tessera::test
