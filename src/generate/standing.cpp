// SPDX-License-Identifier: Apache-2.0
#include "tessera/generate/standing.hpp"

#include "tessera/generate/dice.hpp"
#include "tessera/generate/distributions.hpp"

#include <algorithm>
#include <cmath>

#include "cents.hpp"

namespace tessera::generate {

namespace {

constexpr double kIncomeGrowth = 0.006;  ///< a quarter: wages and prices
/// How much wealth says of income, balance and products: the correlations of the bank.
constexpr double kWealthOfIncome = 0.8, kWealthOfBalance = 0.6, kWealthOfProducts = 0.5;

/// A standard normal variable that correlates with the common factor by `loading`.
double mixed(double loading, double common, double own) {
  return loading * common + std::sqrt(1 - loading * loading) * own;
}

double activity_spread(BankSpec const& spec) {
  return spec.difficulty == Difficulty::easy ? 0.5 : 1.0;
}

}  // namespace

Choices choices_of(BankSpec const& spec, Person const& person, std::uint8_t number) {
  auto const& segment = segments()[number];
  Dice dice(spec.seed, Topic::products, person.ordinal);
  Choices chosen;
  chosen.job = static_cast<Job>(dice.choose(segment.jobs));
  bool const student = chosen.job == Job::student;
  double const u = dice.uniform(), v = dice.uniform();
  if (student) {
    chosen.preferred = v < kStudentsMobile ? Channel::mobile : Channel::web;
  } else {
    chosen.preferred = static_cast<Channel>(pick(segment.channels, u));
  }
  for (std::size_t p = 0; p < kFirstConsequent; ++p) {
    double const pull = kWealthOfProducts * person.latent.wealth;
    if (dice.uniform() < logistic(logit(segment.products[p]) + pull))
      chosen.products.add(static_cast<Product>(p));
  }
  std::array<double, kProducts - kFirstConsequent> draws;
  for (auto& draw : draws) draw = dice.uniform();
  add_consequents(chosen.products, chosen.preferred, draws);
  return chosen;
}

Standing standing_of(BankSpec const& spec, Person const& person, Course const& course, unsigned q) {
  Standing standing;
  standing.segment = course.segment[q];
  standing.leaving = course.leaves_after == q;
  auto const& segment = segments()[standing.segment];
  auto const& latent = person.latent;
  double const spread = spec.spread();
  standing.chosen = choices_of(spec, person, standing.segment);

  Dice dice(spec.seed, Topic::standing, person.ordinal, q);
  double const growth = std::pow(1 + kIncomeGrowth, q) * (1 + 0.01 * dice.normal());
  double const income = segment.income.at(mixed(kWealthOfIncome, latent.wealth, latent.income), spread);
  standing.income = cents(std::round(income * growth));
  double const balance = segment.balance.at(mixed(kWealthOfBalance, latent.wealth, latent.balance), spread);
  standing.balance = cents(balance * std::exp(0.1 * spread * dice.normal()));
  double const sigma = segment.payments_sigma * activity_spread(spec);
  standing.payments = (spec.transactions_per_customer - kRecurring) * segment.payments *
                      std::exp(sigma * latent.activity - 0.5 * sigma * sigma);
  if (standing.leaving) standing.payments *= 0.45;  // who leaves uses the account less before
  standing.logins = static_cast<std::int64_t>(
      dice.poisson(segment.logins.at(mixed(0.4, latent.activity, latent.logins), spread) *
                   (standing.leaving ? 0.5 : 1.0)));
  standing.utilisation =
      logistic(logit(segment.utilisation) + 0.9 * spread * latent.utilisation + 0.15 * dice.normal());
  if (standing.chosen.products.has(Product::credit_card) ||
      standing.chosen.products.has(Product::consumer_loan)) {
    std::int64_t const hundreds = 2 * standing.income / 10000;  // of two months' income
    standing.limit = std::clamp<std::int64_t>(hundreds, 5, 500) * 10000;
  } else {
    standing.utilisation = 0;
  }
  return standing;
}

}  // namespace tessera::generate
