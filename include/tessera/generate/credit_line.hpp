// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/generate/standing.hpp"

#include <array>
#include <cstdint>

/// How a customer uses and repays credit, and the risk that follows from it.
namespace tessera::generate {

struct CreditMonth {
  std::int64_t used = 0;  ///< cents
  int days_past_due = 0;
  int arrears = 0;  ///< instalments missed in the last twelve months
};

/// Local. The months of quarter q of a customer with a limit.
[[nodiscard]] std::array<CreditMonth, 3> credit_of(BankSpec const& spec, Person const& person,
                                                   Standing const& standing, unsigned q);

/// The planted law of default within a year, logistic in columns of the tables (of the last month):
/// intercept + utilisation + days past due + arrears + ln(income / 2000).
struct RiskLaw {
  double intercept = -5.4, utilisation = 2.6, days_past_due = 0.02, arrears = 0.35, log_income = -0.6;
};
inline constexpr RiskLaw kRiskLaw;

/// Local. The probability of default.
[[nodiscard]] double default_probability(Standing const& standing, CreditMonth const& last) noexcept;

}  // namespace tessera::generate
