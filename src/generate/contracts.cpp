// SPDX-License-Identifier: Apache-2.0
#include "tessera/generate/contracts.hpp"

#include "tessera/generate/dice.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>

namespace tessera::generate {

namespace {

/// What a contract is like: an amount relative to the monthly income (premiums: in currency units), a choice
/// of terms.
struct Kind {
  LogNormal amount;
  bool of_income;
  std::array<int, 4> months;  ///< 0: open-ended
};
constexpr std::array<Kind, kProducts> kKinds{{
    {{2.5, 1.0}, true, {0, 0, 0, 0}},         // savings
    {{1.5, 0.3}, true, {0, 0, 0, 0}},         // credit_card
    {{52, 0.4}, true, {180, 240, 300, 360}},  // mortgage
    {{4, 0.6}, true, {24, 36, 48, 60}},       // consumer_loan
    {{6, 1.2}, true, {0, 0, 0, 0}},           // brokerage
    {{3, 0.9}, true, {3, 6, 12, 24}},         // term_deposit
    {{210, 0.3}, false, {12, 12, 12, 12}},    // home_insurance
    {{90, 0.3}, false, {12, 12, 12, 12}},     // travel_insurance
    {{160, 0.4}, false, {24, 36, 48, 60}},    // payment_protection
}};
constexpr double kFurtherDeposits = 0.7;  // mean number of term deposits beyond the first

std::int32_t months_after(std::int32_t day, int months) {
  using namespace std::chrono;
  year_month_day date{sys_days(days(day))};
  date += std::chrono::months(months);
  if (!date.ok()) date = date.year() / date.month() / last;
  return static_cast<std::int32_t>(sys_days(date).time_since_epoch().count());
}

/// When the customer took the product: before the first quarter, or in the quarter of moving to a segment
/// that has it.
std::int32_t opened_on(BankSpec const& spec, Person const& person, Course const& course, unsigned q,
                       Product product, double u) {
  auto from = person.since;
  auto until = std::max(person.since, spec.quarter(course.arrives).first_day() - 1);
  bool const always = course.segment[q] == course.segment[course.arrives] ||
                      choices_of(spec, person, course.segment[course.arrives]).products.has(product);
  if (!always) {
    unsigned moved = course.arrives;
    while (course.segment[moved] != course.segment[q]) ++moved;
    from = spec.quarter(moved).first_day();
    until = spec.quarter(moved).last_day();
  }
  return from + static_cast<std::int32_t>(u * (until - from));
}

Contract contract_of(BankSpec const& spec, Person const& person, Course const& course,
                     Standing const& standing, unsigned q, Product product, Dice& dice) {
  auto const& kind = kKinds[static_cast<std::size_t>(product)];
  double const unit = kind.of_income ? static_cast<double>(standing.income) : 100.0;
  double const hundreds = std::round(kind.amount.at(dice.normal(), 1.0) * unit / 1e4);
  Contract contract{.product = product,
                    .opened = opened_on(spec, person, course, q, product, dice.uniform()),
                    .months = {},
                    .amount = static_cast<std::int64_t>(std::max(1.0, hundreds)) * 10000,
                    .maturity = 0,
                    .rolled_over = 0};
  if (product == Product::credit_card) contract.amount = standing.limit;
  int const months = kind.months[dice.below(kind.months.size())];
  if (months == 0) return contract;
  contract.months = months;
  contract.maturity = months_after(contract.opened, months);
  while (contract.maturity <= spec.quarter(q).last_day()) {
    ++contract.rolled_over;
    contract.opened = contract.maturity;
    contract.maturity = months_after(contract.opened, months);
  }
  return contract;
}

}  // namespace

std::vector<Contract> contracts_of(BankSpec const& spec, Person const& person, Course const& course,
                                   Standing const& standing, unsigned q) {
  std::vector<Contract> contracts;
  Dice dice(spec.seed, Topic::holdings, person.ordinal);
  for (std::size_t p = 0; p < kProducts; ++p) {
    auto const product = static_cast<Product>(p);
    auto const further = product == Product::term_deposit ? dice.poisson(kFurtherDeposits) : 0;
    for (std::uint64_t i = 0; i <= further; ++i) {
      auto const contract = contract_of(spec, person, course, standing, q, product, dice);
      if (standing.chosen.products.has(product)) contracts.push_back(contract);
    }
  }
  return contracts;
}

}  // namespace tessera::generate
