// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/generate/person.hpp"

#include <cstdint>

/// How a customer stands in one quarter: what follows from the segment of that quarter and from the person.
namespace tessera::generate {

/// What follows from segment and person alone, in any quarter.
struct Choices {
  Job job = Job::clerk;
  Channel preferred = Channel::web;
  ProductSet products;
};

struct Standing {
  std::uint8_t segment = 0;
  Choices chosen;
  std::int64_t income = 0;   ///< a month, net, cents
  std::int64_t balance = 0;  ///< of the current account, about its mean over the days; cents
  double payments = 0;       ///< expected in the quarter, beside wages, rent and savings
  std::int64_t logins = 0;   ///< in the quarter
  double utilisation = 0;    ///< share of the credit limit in use
  std::int64_t limit = 0;    ///< of credit, cents; 0 without credit card and loan
  bool leaving = false;      ///< not a customer next quarter
};

/// Local. The standing in quarter q.
[[nodiscard]] Standing standing_of(BankSpec const& spec, Person const& person, Course const& course,
                                   unsigned q);

/// Local. The same draws for every segment: customers who move keep what the new segment has too.
[[nodiscard]] Choices choices_of(BankSpec const& spec, Person const& person, std::uint8_t segment);

/// Rows a quarter that are not payments of one's choice, on average over customers: wages, rent, standing
/// orders, savings.
inline constexpr double kRecurring = 16.6;

}  // namespace tessera::generate
