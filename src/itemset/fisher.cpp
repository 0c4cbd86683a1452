// SPDX-License-Identifier: Apache-2.0
#include "tessera/itemset/fisher.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace tessera {

namespace {

/// log(n!) - log(sqrt(2 pi n) (n / e)^n): what Stirling's formula lacks.
double stirling_error(std::int64_t n) {
  if (n < 16) {
    static std::array<double, 16> const kExact = [] {
      std::array<double, 16> values{};
      long double log_factorial = 0;
      for (int i = 1; i < 16; ++i) {
        long double const x = i;
        log_factorial += std::log(x);
        values[static_cast<std::size_t>(i)] = static_cast<double>(
            log_factorial - 0.5L * std::log(2 * std::numbers::pi_v<long double> * x) - x * std::log(x) + x);
      }
      return values;
    }();
    return kExact[static_cast<std::size_t>(n)];
  }
  double const x = static_cast<double>(n), square = x * x;
  return (1.0 / 12 -
          (1.0 / 360 - (1.0 / 1260 - (1.0 / 1680 - 1.0 / 1188 / square) / square) / square) / square) /
         x;
}

/// x log(x / mean) + mean - x, without cancellation where x is close to the mean.
double deviance(double x, double mean) {
  if (std::abs(x - mean) >= 0.1 * (x + mean)) return x * std::log(x / mean) + mean - x;
  double const v = (x - mean) / (x + mean);
  double sum = (x - mean) * v;
  double term = 2 * x * v;
  for (int j = 3;; j += 2) {
    term *= v * v;
    double const next = sum + term / j;
    if (next == sum) return sum;
    sum = next;
  }
}

/// Probability of x successes in n trials of probability p, as a logarithm; q = 1 - p.
double log_binomial(std::int64_t x, std::int64_t n, double p, double q) {
  auto const size = static_cast<double>(n);
  if (x == 0) return n == 0 ? 0.0 : (p < 0.1 ? -deviance(size, size * q) - size * p : size * std::log(q));
  if (x == n) return q < 0.1 ? -deviance(size, size * p) - size * q : size * std::log(p);
  auto const successes = static_cast<double>(x), failures = static_cast<double>(n - x);
  double const log_scale =
      std::log(2 * std::numbers::pi) + std::log(successes) + std::log1p(-successes / size);
  return stirling_error(n) - stirling_error(x) - stirling_error(n - x) - deviance(successes, size * p) -
         deviance(failures, size * q) - 0.5 * log_scale;
}

/// Probability that exactly `both` rows hold A and C.
double point_probability(std::int64_t rows, std::int64_t with_a, std::int64_t with_c, std::int64_t both) {
  if (with_a == 0 || with_a == rows) return 1;  // `both` can only be 0, or with_c
  double const p = static_cast<double>(with_a) / static_cast<double>(rows);
  double const q = static_cast<double>(rows - with_a) / static_cast<double>(rows);
  return std::exp(log_binomial(both, with_c, p, q) + log_binomial(with_a - both, rows - with_c, p, q) -
                  log_binomial(with_a, rows, p, q));
}

/// P(both) + P(both + 1) + ..., from the first by the ratios of neighbours; they fall from the mode on.
double upper_tail(std::int64_t rows, std::int64_t with_a, std::int64_t with_c, std::int64_t both) {
  double const first = point_probability(rows, with_a, with_c, both);
  double term = 1, sum = 1;
  auto only_a = static_cast<double>(with_a - both), only_c = static_cast<double>(with_c - both);
  auto in_both = static_cast<double>(both), neither = static_cast<double>(rows - with_a - with_c + both);
  while (only_a > 0 && only_c > 0) {
    term *= (only_a-- * only_c--) / (++in_both * ++neither);
    sum += term;
    if (term < sum * 1e-18) break;
  }
  return first * sum;
}

}  // namespace

double fisher_greater(std::int64_t rows, std::int64_t with_a, std::int64_t with_c, std::int64_t both) {
  if (both <= std::max<std::int64_t>(0, with_a + with_c - rows)) return 1;
  bool const above_mean = static_cast<__int128>(both) * rows > static_cast<__int128>(with_a) * with_c;
  if (above_mean) return std::min(1.0, upper_tail(rows, with_a, with_c, both));
  // Fewer than expected: one less the lower tail, which is the upper tail of A and not C.
  return std::max(0.0, 1 - upper_tail(rows, with_a, rows - with_c, with_a - both + 1));
}

}  // namespace tessera
