// SPDX-License-Identifier: Apache-2.0
#include "tessera/generate/credit_line.hpp"

#include "tessera/generate/dice.hpp"
#include "tessera/generate/distributions.hpp"

#include <algorithm>
#include <cmath>

namespace tessera::generate {

std::array<CreditMonth, 3> credit_of(BankSpec const& spec, Person const& person, Standing const& standing,
                                     unsigned q) {
  Dice dice(spec.seed, Topic::credit, person.ordinal, q);
  // Who uses most of the limit misses instalments more often; a missed one makes the next more likely.
  double const miss = logistic(-5.5 + 4.0 * standing.utilisation - 0.4 * person.latent.wealth);
  constexpr double kMissAgain = 0.55;
  int arrears = static_cast<int>(dice.poisson(9 * miss));
  int overdue = 0;
  std::array<CreditMonth, 3> months;
  for (auto& month : months) {
    bool const missed = dice.chance(overdue > 0 ? kMissAgain : miss);
    overdue = missed ? overdue + (overdue > 0 ? 30 : 1 + static_cast<int>(dice.below(30))) : 0;
    arrears += missed ? 1 : 0;
    double const share = std::min(1.05, standing.utilisation * std::exp(0.08 * dice.normal()));
    month = {static_cast<std::int64_t>(share * static_cast<double>(standing.limit)), overdue,
             std::min(arrears, 12)};
  }
  return months;
}

double default_probability(Standing const& standing, CreditMonth const& last) noexcept {
  constexpr double kCentsOf2000 = 200000;
  double const income = std::max(1.0, static_cast<double>(standing.income)) / kCentsOf2000;
  return logistic(kRiskLaw.intercept + kRiskLaw.utilisation * standing.utilisation +
                  kRiskLaw.days_past_due * last.days_past_due + kRiskLaw.arrears * last.arrears +
                  kRiskLaw.log_income * std::log(income));
}

}  // namespace tessera::generate
