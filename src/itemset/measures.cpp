// SPDX-License-Identifier: Apache-2.0
#include "measures.hpp"

#include <algorithm>
#include <limits>

namespace tessera {

namespace {

using Wide = __int128;

double ratio(Wide above, Wide below) {
  return static_cast<double>(above) / static_cast<double>(below);
}

}  // namespace

void measure(Rule& rule, std::int64_t rows, Confidence const& simpler) {
  Wide const n = rows, both = rule.support, a = rule.antecedent_support, c = rule.consequent_support;
  Wide const excess = n * both - a * c;  // rows^2 times the leverage
  rule.confidence = ratio(both, a);
  rule.lift = ratio(n * both, a * c);
  rule.leverage = ratio(excess, n * n);
  rule.conviction = both == a ? std::numeric_limits<double>::infinity() : ratio((n - c) * a, n * (a - both));
  Wide const largest = std::max(both * (n - a), a * (c - both));
  rule.zhang = largest == 0 ? 0 : ratio(excess, largest);
  rule.improvement = ratio(both * simpler.antecedent - Wide{simpler.both} * a, a * simpler.antecedent);
}

}  // namespace tessera
