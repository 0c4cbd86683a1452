// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>

/// Arithmetic on many two-by-two tables at once: measures of association rules, and tails of the
/// hypergeometric distribution. Tables are columns of counts, a lane each; every SIMD level gives the same
/// bits. Counts are below 2^53.
namespace tessera::kernel {

/// Counts of rules A -> C, all spans of one length.
struct RuleCounts {
  std::span<std::int64_t const> both, antecedent, consequent;  ///< rows with A and C, with A, with C
  /// The best confidence of a simpler rule, as a fraction.
  std::span<std::int64_t const> simpler_both, simpler_antecedent;
};

/// Measures of the same rules; the formulas are in docs/file-format.md.
struct RuleMeasures {
  std::span<double> confidence, lift, leverage;
  std::span<double> conviction;  ///< +infinity at confidence 1
  std::span<double> zhang;       ///< 0 where C is in every row, or in none
  std::span<double> improvement;
};

/// Local. Differences of products are taken of exact products (Dekker, "A floating-point technique for
/// extending the available precision", 1971), so no digits are lost where A and C are nearly independent.
void measure_rules(RuleCounts const& counts, std::int64_t rows, RuleMeasures const& measures);

/// Local. sums[i] = 1 + r1 + r1 r2 + ..., r1 = a c / ((b + 1) (n + 1)), r2 = (a - 1) (c - 1) / ((b + 2) (n +
/// 2)), ... with a = only_a[i], c = only_c[i], b = both[i], n = neither[i]: the upper tail from b on over the
/// point probability of b. Precondition: r1 < 1.
void tail_sums(std::span<double const> only_a, std::span<double const> only_c, std::span<double const> both,
               std::span<double const> neither, std::span<double> sums);

/// The same by plain loops: the oracle.
namespace reference {
[[nodiscard]] double tail_sum(double only_a, double only_c, double both, double neither);
}  // namespace reference

}  // namespace tessera::kernel
