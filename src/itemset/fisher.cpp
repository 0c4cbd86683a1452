// SPDX-License-Identifier: Apache-2.0
#include "tessera/itemset/fisher.hpp"

#include "tessera/kernel/two_by_two.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <utility>
#include <vector>

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

/// An upper tail P(both) + P(both + 1) + ... whose terms fall from the first on.
struct Tail {
  std::int64_t rows, with_a, with_c, both;

  [[nodiscard]] double first() const { return point_probability(rows, with_a, with_c, both); }
  [[nodiscard]] double only_a() const { return static_cast<double>(with_a - both); }
  [[nodiscard]] double only_c() const { return static_cast<double>(with_c - both); }
  [[nodiscard]] double in_both() const { return static_cast<double>(both); }
  [[nodiscard]] double neither() const { return static_cast<double>(rows - with_a - with_c + both); }
};

enum class Answer { one, tail, one_less_tail };

/// What answers the question for a table, and the tail it takes.
std::pair<Answer, Tail> plan(TwoByTwo const& table) {
  auto const [rows, with_a, with_c, both] = table;
  if (both <= std::max<std::int64_t>(0, with_a + with_c - rows)) return {Answer::one, {}};
  bool const above_mean = static_cast<__int128>(both) * rows > static_cast<__int128>(with_a) * with_c;
  if (above_mean) return {Answer::tail, {rows, with_a, with_c, both}};
  // Fewer than expected: one less the lower tail, which is the upper tail of A and not C.
  return {Answer::one_less_tail, {rows, with_a, rows - with_c, with_a - both + 1}};
}

double p_value(Answer answer, double tail) {
  return answer == Answer::tail ? std::min(1.0, tail) : std::max(0.0, 1 - tail);
}

}  // namespace

double fisher_greater(TwoByTwo const& table) {
  auto const [answer, tail] = plan(table);
  if (answer == Answer::one) return 1;
  return p_value(answer, tail.first() * kernel::reference::tail_sum(tail.only_a(), tail.only_c(),
                                                                    tail.in_both(), tail.neither()));
}

void fisher_greater(std::span<TwoByTwo const> tables, std::span<double> p_values) {
  std::vector<std::size_t> table_of;
  std::vector<Answer> answers;
  std::vector<double> first, only_a, only_c, both, neither;
  for (std::size_t i = 0; i < tables.size(); ++i) {
    auto const [answer, tail] = plan(tables[i]);
    p_values[i] = 1;
    if (answer == Answer::one) continue;
    table_of.push_back(i);
    answers.push_back(answer);
    first.push_back(tail.first());
    only_a.push_back(tail.only_a());
    only_c.push_back(tail.only_c());
    both.push_back(tail.in_both());
    neither.push_back(tail.neither());
  }
  std::vector<double> sums(table_of.size());
  kernel::tail_sums(only_a, only_c, both, neither, sums);
  for (std::size_t i = 0; i < sums.size(); ++i)
    p_values[table_of[i]] = p_value(answers[i], first[i] * sums[i]);
}

}  // namespace tessera
