// SPDX-License-Identifier: Apache-2.0
#include "customer_cells.hpp"

#include "tessera/core/error.hpp"

#include <cmath>
#include <limits>

#include "calendar.hpp"
#include "value_grid.hpp"

namespace tessera::detail {

namespace {

double finite_or_missing(double value) {
  return std::isfinite(value) ? value : kMissingNumber;
}

/// Exact but for the last steps: n * sum of squares - square of the sum is a whole number of 255 bits.
double sample_deviation(Int128 sum, WideInteger<4> squares, std::uint64_t n) {
  if (n < 2) return kMissingNumber;
  squares *= n;
  squares += -WideInteger<4>::square_of(sum);
  double const divisor = static_cast<double>(n) * static_cast<double>(n - 1);
  return std::sqrt(squares.value() / divisor) * 0x1p-48;
}

/// Least-squares slope of the sums of `months` months, the last of which is as_of's. With k months before
/// as_of and S(k) a month's sum: slope = 6 * sum over k of (months - 1 - 2k) S(k) / (months^3 - months).
double slope(Int128 sum, WideInteger<3> month_sum, std::int64_t months) {
  if (months < 2) return kMissingNumber;
  month_sum *= 2;
  // The product of a negative number's two's complement words by a positive factor wraps to the right one.
  WideInteger<3> numerator(sum);
  numerator *= static_cast<std::uint64_t>(months - 1);
  numerator += -month_sum;
  auto const m = static_cast<double>(months);
  return 6.0 * (numerator.value() * 0x1p-48) / (m * (m * m - 1.0));
}

double trend(CustomerCells const& cells, AggregateSpec const& spec) {
  if (cells.count(1) == 0) return kMissingNumber;
  auto const begin =
      spec.window_days > 0 ? *spec.as_of - static_cast<std::int64_t>(spec.window_days) + 1 : cells.day(3);
  std::int64_t const months = month_of(*spec.as_of) - month_of(static_cast<std::int32_t>(begin)) + 1;
  return slope(cells.sum(0), cells.wide<3>(2), months);
}

double ratio(CustomerCells const& cells) {
  bool const of_counts = cells.size() == 2;
  double const numerator = of_counts ? static_cast<double>(cells.count(0)) : value_of(cells.sum(0));
  double const denominator = of_counts ? static_cast<double>(cells.count(1)) : value_of(cells.sum(2));
  return denominator == 0.0 ? kMissingNumber : numerator / denominator;
}

double frequency(CustomerCells const& cells, AggregateSpec const& spec) {
  if (cells.count(0) == 0) return 0.0;
  auto const days = spec.window_days > 0 ? static_cast<double>(spec.window_days)
                                         : static_cast<double>(*spec.as_of - cells.day(1) + 1);
  return 30.0 * static_cast<double>(cells.count(0)) / days;
}

}  // namespace

double value_from(CustomerCells const& cells, AggregateSpec const& spec) {
  switch (spec.kind) {
    case Aggregate::count:
      return static_cast<double>(cells.count(0));
    case Aggregate::sum:
      return value_of(cells.sum(0));
    case Aggregate::mean:
      return cells.count(1) == 0 ? kMissingNumber
                                 : value_of(cells.sum(0)) / static_cast<double>(cells.count(1));
    case Aggregate::std:
      return sample_deviation(cells.sum(0), cells.wide<4>(2), cells.count(1));
    case Aggregate::min:
    case Aggregate::max:
      return finite_or_missing(cells.number(0));
    case Aggregate::share:
      return cells.count(1) == 0 ? kMissingNumber
                                 : static_cast<double>(cells.count(0)) / static_cast<double>(cells.count(1));
    case Aggregate::recency:
      return cells.day(0) == std::numeric_limits<std::int64_t>::min()
                 ? kMissingNumber
                 : static_cast<double>(*spec.as_of - cells.day(0));
    case Aggregate::frequency:
      return frequency(cells, spec);
    case Aggregate::trend:
      return trend(cells, spec);
    case Aggregate::ratio:
      return ratio(cells);
    case Aggregate::first:
    case Aggregate::last:
      return std::isfinite(cells.number(0)) ? cells.number(0, 1) : kMissingNumber;
    default:
      throw BugError("an aggregate that a customer's cells alone do not tell");
  }
}

}  // namespace tessera::detail
