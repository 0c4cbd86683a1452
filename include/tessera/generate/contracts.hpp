// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/generate/standing.hpp"

#include <cstdint>
#include <optional>
#include <vector>

/// The contracts behind a customer's products: since when, for how long, how much.
namespace tessera::generate {

struct Contract {
  Product product;
  std::int32_t opened = 0;    ///< of the running term
  std::optional<int> months;  ///< none: open-ended
  std::int64_t amount = 0;    ///< cents: balance, loan, limit, or a year's premium
  std::int32_t maturity = 0;  ///< where there is a term
  int rolled_over = 0;        ///< how often the term was renewed
};

/// Local. Contracts at the end of quarter q, in the order of products. One a product, but of term deposits as
/// many as the customer has.
[[nodiscard]] std::vector<Contract> contracts_of(BankSpec const& spec, Person const& person,
                                                 Course const& course, Standing const& standing, unsigned q);

}  // namespace tessera::generate
