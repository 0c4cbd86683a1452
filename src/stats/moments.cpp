// SPDX-License-Identifier: Apache-2.0
#include "tessera/stats/moments.hpp"

#include "tessera/comm/collectives.hpp"
#include "tessera/stats/exact_sum.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace tessera {

namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

/// Count, extremes and mean: the first pass.
Moments locate(Communicator const& comm, std::span<double const> values) {
  ExactSum sum;
  std::uint64_t count = 0;
  double lowest = std::numeric_limits<double>::infinity(), highest = -lowest;
  for (auto const value : values) {
    if (std::isnan(value)) continue;
    ++count;
    lowest = std::min(lowest, value);
    highest = std::max(highest, value);
    sum.add(value);
  }
  std::array<std::uint64_t, 2> counts{count, values.size() - count};
  all_reduce(comm, std::span<std::uint64_t>(counts), Reduce::sum);
  Moments out;
  out.count = counts[0];
  out.missing = counts[1];
  out.min = all_reduce(comm, lowest, Reduce::minimum) + 0.0;  // + 0.0: which zero is met first is no property
  out.max = all_reduce(comm, highest, Reduce::maximum) + 0.0;
  all_reduce(comm, std::span(&sum, 1));
  // Rounding the quotient may leave the range by an ulp.
  if (out.count != 0) out.mean = std::clamp(sum.value() / static_cast<double>(out.count), out.min, out.max);
  return out;
}

/// A power of two that brings the largest deviation near 1, so that its powers neither overflow nor vanish.
double unit_of(Moments const& column) {
  double const largest = std::max(column.max - column.mean, column.mean - column.min);
  return std::ldexp(1.0, std::clamp(-std::ilogb(largest), -1000, 1000));
}

}  // namespace

Moments moments(Communicator const& comm, std::span<double const> values) {
  Moments out = locate(comm, values);
  if (out.count == 0) {
    out.mean = out.standard_deviation = out.skewness = out.kurtosis = out.min = out.max = kNaN;
    return out;
  }
  if (out.min == out.max) return out;
  double const unit = unit_of(out);
  std::array<ExactSum, 3> powers;  // of deviations in units: squares, cubes, fourth powers
  for (auto const value : values) {
    if (std::isnan(value)) continue;
    double const deviation = (value - out.mean) * unit;
    double const square = deviation * deviation;
    powers[0].add(square);
    powers[1].add(square * deviation);
    powers[2].add(square * square);
  }
  all_reduce(comm, std::span(powers));
  auto const count = static_cast<double>(out.count);
  double const squares = powers[0].value();
  double const variance = squares / count;
  out.standard_deviation = std::sqrt(squares / (count - 1)) / unit;
  out.skewness = powers[1].value() / count / (variance * std::sqrt(variance));
  out.kurtosis = powers[2].value() / count / (variance * variance) - 3.0;
  return out;
}

}  // namespace tessera
