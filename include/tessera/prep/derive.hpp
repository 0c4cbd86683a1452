// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/comm/communicator.hpp"
#include "tessera/data/table.hpp"

#include <string>
#include <vector>

/// Numbers of a customer made from other numbers of the same customer.
namespace tessera {

enum class Derivation { ratio, difference, quintile };

/// Which end of a column has score 5.
enum class Best { high, low };

struct DerivedSpec {
  std::string name;  ///< of the customers' column that it becomes
  Derivation kind = Derivation::ratio;
  std::vector<std::string> operands;  ///< number columns of the customers: two, of a quintile one
  Best best = Best::high;             ///< for quintiles
};

/// *Collective.* The column of all placed customers. ratio: first / second, missing where the second is 0;
/// difference: first - second; either is missing where the result is beyond a double. quintile: 1 + how many
/// of the exact quantiles 0.2, 0.4, 0.6 and 0.8 (type 7) of all customers the value lies beyond: above them,
/// or below them where the lowest values are best; equal values so have equal scores. A missing operand gives
/// a missing value. Throws ConfigurationError for operands that are not there or no numbers.
[[nodiscard]] Column derive(Communicator const& comm, Table const& customers, DerivedSpec const& spec);

}  // namespace tessera
