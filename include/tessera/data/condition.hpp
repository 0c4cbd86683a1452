// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

/// Which rows of a table count, as a configuration says it: `where = { type = ["DEBIT"], amount = { min = 0 }
/// }`.
namespace tessera {

/// One column's part of a `where`: all conditions must hold; a missing value fails every condition.
struct Condition {
  std::string column;
  std::vector<std::string> values;  ///< of a category; empty: any
  std::optional<double> min, max;   ///< of a number, inclusive; dates as days since 1970-01-01
};

}  // namespace tessera
