// SPDX-License-Identifier: Apache-2.0
#include "plan_fit.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <utility>

namespace tessera::plan {

namespace {

constexpr std::size_t kTerms = 4;  // a row, its values, the centroids, and their products
using Vector = std::array<double, kTerms>;

/// Solves the normal equations of the chosen terms by Gaussian elimination with pivoting; the others are 0.
Vector solve(std::array<Vector, kTerms> matrix, Vector right, std::array<bool, kTerms> const& chosen) {
  for (std::size_t i = 0; i < kTerms; ++i) {
    if (chosen[i]) continue;
    for (std::size_t j = 0; j < kTerms; ++j) matrix[i][j] = matrix[j][i] = 0;
    matrix[i][i] = 1;
    right[i] = 0;
  }
  for (std::size_t column = 0; column < kTerms; ++column) {
    std::size_t pivot = column;
    for (std::size_t i = column; i < kTerms; ++i) {
      if (std::abs(matrix[i][column]) > std::abs(matrix[pivot][column])) pivot = i;
    }
    std::swap(matrix[column], matrix[pivot]);
    std::swap(right[column], right[pivot]);
    if (matrix[column][column] == 0) continue;
    for (std::size_t i = 0; i < kTerms; ++i) {
      if (i == column) continue;
      double const factor = matrix[i][column] / matrix[column][column];
      for (std::size_t j = column; j < kTerms; ++j) matrix[i][j] -= factor * matrix[column][j];
      right[i] -= factor * right[column];
    }
  }
  for (std::size_t i = 0; i < kTerms; ++i) right[i] = matrix[i][i] == 0 ? 0 : right[i] / matrix[i][i];
  return right;
}

}  // namespace

void fit_kernel(std::span<TimedIteration const> times, Machine& machine) {
  std::array<Vector, kTerms> matrix{};
  Vector right{};
  for (auto const& time : times) {
    auto const d = static_cast<double>(time.columns), k = static_cast<double>(time.k);
    Vector const terms{1 / time.row_ns, d / time.row_ns, k / time.row_ns, d * k / time.row_ns};
    for (std::size_t i = 0; i < kTerms; ++i) {
      for (std::size_t j = 0; j < kTerms; ++j) matrix[i][j] += terms[i] * terms[j];
      right[i] += terms[i];
    }
  }
  std::array<bool, kTerms> chosen{true, true, true, true};
  Vector found = solve(matrix, right, chosen);
  // A term that would have to be negative is left out, the worst first.
  for (auto worst = std::min_element(found.begin(), found.end()); *worst < 0;
       worst = std::min_element(found.begin(), found.end())) {
    chosen[static_cast<std::size_t>(worst - found.begin())] = false;
    found = solve(matrix, right, chosen);
  }
  machine.kernel_row_ns = found[0];
  machine.kernel_value_ns = found[1];
  machine.kernel_centroid_ns = found[2];
  constexpr double kNoArithmetic = 1e6;  // GFLOP/s; where times do not grow with d * k
  machine.kernel_gflops = found[3] > 2 / kNoArithmetic ? 2 / found[3] : kNoArithmetic;
}

Link fit_link(TimedAllReduce const& times, double add_gbs) {
  // A step beyond a power of two costs about as much as the two messages that it takes.
  double const steps = static_cast<double>(std::bit_width(times.partners) - 1) +
                       (std::has_single_bit(times.partners) ? 0.0 : 2.0);
  double const latency = times.short_seconds / steps;
  double const sent = times.long_bytes * (1 - 1 / static_cast<double>(times.partners));
  double const moving = times.long_seconds - 2 * steps * latency - sent * 1e-9 / add_gbs;
  constexpr double kFastest = 1000;  // GB/s: the time of the long message is all latency and addition
  double const gbs = moving > 0 ? std::min(kFastest, 2 * sent * 1e-9 / moving) : kFastest;
  return {latency * 1e6, gbs};
}

}  // namespace tessera::plan
