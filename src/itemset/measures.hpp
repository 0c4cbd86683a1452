// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/itemset/rules.hpp"

#include <cstdint>

/// Measures of a rule from its counts. Products of counts are exact (128 bits); each measure is rounded only
/// at its division.
namespace tessera {

/// A confidence as a fraction of counts, so that confidences are compared exactly.
struct Confidence {
  std::int64_t both = 0, antecedent = 1;

  [[nodiscard]] bool operator<(Confidence const& other) const noexcept {
    return static_cast<__int128>(both) * other.antecedent < static_cast<__int128>(other.both) * antecedent;
  }
};

/// Local. Fills confidence to zhang from the supports in `rule` and the number of baskets, and improvement
/// from the highest confidence of a simpler rule.
void measure(Rule& rule, std::int64_t rows, Confidence const& simpler);

}  // namespace tessera
