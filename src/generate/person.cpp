// SPDX-License-Identifier: Apache-2.0
#include "tessera/generate/person.hpp"

#include "tessera/generate/dice.hpp"
#include "tessera/generate/distributions.hpp"

#include <algorithm>
#include <cmath>

namespace tessera::generate {

namespace {

constexpr double kDaysAYear = 365.25;
constexpr double kAdult = 18.0;  // years
constexpr double kJointHouseholds = 0.15;
/// Of all customers, so many arrive in each quarter but the first.
constexpr double kArrivals = 0.015;
/// Shares of unknown values.
constexpr double kIncomeUnknown = 0.12, kEducationUnknown = 0.04, kMaritalUnknown = 0.02;
constexpr std::array<std::uint8_t, 6> kPayDays{31, 25, 28, 10, 15, 1};
constexpr std::array<double, 6> kPayDayWeights{30, 25, 15, 12, 10, 8};

/// Popular branches and regions: Zipf's law, rank k with weight 1 / (k + 3).
std::uint16_t branch_at(double u) {
  double const low = std::log(3.0), high = std::log(3.0 + kBranches);
  auto const rank = std::exp(low + u * (high - low)) - 3.0;  // the continuous law, by inversion
  return static_cast<std::uint16_t>(std::min<double>(rank, kBranches - 1));
}

std::uint8_t education_at(Segment const& segment, double u) {
  bool const learned = segment.income.median > 4000;
  std::array<double, 4> const weights =
      learned ? std::array<double, 4>{4, 22, 14, 60} : std::array<double, 4>{18, 40, 24, 18};
  return static_cast<std::uint8_t>(pick(weights, u));
}

std::uint8_t marital_at(double age, double u) {
  std::array<double, 4> const weights = age < 28   ? std::array<double, 4>{88, 11, 1, 0}
                                        : age < 65 ? std::array<double, 4>{24, 58, 17, 1}
                                                   : std::array<double, 4>{7, 55, 12, 26};
  return static_cast<std::uint8_t>(pick(weights, u));
}

std::array<double, kSegments> shares() {
  std::array<double, kSegments> out{};
  for (std::size_t s = 0; s < kSegments; ++s) out[s] = segments()[s].share;
  return out;
}

/// The customer's own normal variables, bounded so that no amount leaves the range of its column.
double bounded_normal(Dice& dice) {
  constexpr double kMost = 5.5;
  return std::clamp(dice.normal(), -kMost, kMost);
}

}  // namespace

Person person_at(BankSpec const& spec, std::uint64_t ordinal) {
  Dice dice(spec.seed, Topic::person, ordinal);
  Person person;
  person.ordinal = ordinal;
  person.first_segment = static_cast<std::uint8_t>(dice.choose(shares()));
  auto const& segment = segments()[person.first_segment];
  std::int32_t const start = spec.quarter(0).first_day();
  double const age =
      std::clamp(segment.age + segment.age_spread * spec.spread() * dice.normal(), kAdult, 99.0);
  // 18 years have up to 6,575 days: two more than the age in whole days, and `since` is no day too early.
  person.birth_day = start - static_cast<std::int32_t>(age * kDaysAYear) - 2;
  person.woman = dice.chance(0.51);
  person.branch = branch_at(dice.uniform());
  person.region = static_cast<std::uint8_t>(person.branch % kRegions);
  person.education = education_at(segment, dice.uniform());
  person.marital = marital_at(age, dice.uniform());
  person.consents = dice.chance(0.72);
  person.pay_day = kPayDays[dice.choose(kPayDayWeights)];
  // Years as a customer: exponential, at most since the 18th birthday.
  double const years = std::min(-9.0 * std::log(1.0 - dice.uniform()), age - kAdult);
  person.since = start - 1 - static_cast<std::int32_t>(years * kDaysAYear);
  if (spec.quarters > 1 && dice.chance(kArrivals * (spec.quarters - 1))) {
    person.arrives = static_cast<std::uint8_t>(1 + dice.below(spec.quarters - 1));
    auto const quarter = spec.quarter(person.arrives);
    person.since = quarter.first_day() +
                   static_cast<std::int32_t>(dice.below(static_cast<std::uint64_t>(quarter.days())));
  }
  person.tells_income = !dice.chance(kIncomeUnknown);
  person.tells_education = !dice.chance(kEducationUnknown);
  person.tells_marital = !dice.chance(kMaritalUnknown);
  person.latent = {bounded_normal(dice), bounded_normal(dice), bounded_normal(dice),
                   bounded_normal(dice), bounded_normal(dice), bounded_normal(dice)};

  Dice household(spec.seed, Topic::household, ordinal / 2);
  bool const has_partner = (ordinal ^ 1) < spec.customers;
  person.joint_account = has_partner && household.chance(kJointHouseholds);
  if (person.joint_account) person.marital = 1;
  return person;
}

Course course_of(BankSpec const& spec, Person const& person) {
  Course course;
  course.arrives = person.arrives;
  std::uint8_t segment = person.first_segment;
  for (unsigned q = 0; q < spec.quarters; ++q) {
    Dice dice(spec.seed, Topic::course, person.ordinal, q);
    if (q > person.arrives) segment = static_cast<std::uint8_t>(dice.choose(migration()[segment]));
    course.segment[q] = segment;
    // Active and wealthy customers stay; new ones leave more easily.
    double const years = std::max(0.0, (spec.quarter(q).first_day() - person.since) / kDaysAYear);
    double const pull =
        -0.8 * person.latent.activity - 0.3 * person.latent.wealth + 0.5 - 0.08 * std::min(years, 15.0);
    course.churn[q] = logistic(logit(segments()[segment].churn) + pull);
    bool const here = course.present(q);
    if (dice.chance(course.churn[q]) && here) course.leaves_after = static_cast<std::uint8_t>(q);
  }
  return course;
}

}  // namespace tessera::generate
