// SPDX-License-Identifier: Apache-2.0
#include "tessera/stats/describe.hpp"
#include "tessera/stats/exact_sum.hpp"
#include "tessera/stats/moments.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "mpi/main.hpp"
#include "stats/sample.hpp"
#include <gtest/gtest.h>

namespace tessera {
namespace {

using test::bits;
using test::Deal;

constexpr std::size_t kRows = 3000;

/// Moments by long double in two passes.
struct Oracle {
  std::uint64_t count = 0;
  long double mean = 0, m2 = 0, m3 = 0, m4 = 0;
  double min = INFINITY, max = -INFINITY;

  explicit Oracle(std::vector<double> const& values) {
    for (auto const value : values) {
      if (std::isnan(value)) continue;
      ++count;
      mean += static_cast<long double>(value);
      min = std::min(min, value);
      max = std::max(max, value);
    }
    mean /= static_cast<long double>(count);
    for (auto const value : values) {
      if (std::isnan(value)) continue;
      auto const d = static_cast<long double>(value) - mean;
      m2 += d * d;
      m3 += d * d * d;
      m4 += d * d * d * d;
    }
  }
};

void expect_near_relative(double actual, long double expected, double tolerance, std::string const& what) {
  EXPECT_NEAR(actual, static_cast<double>(expected),
              tolerance * std::max(1.0, std::abs(static_cast<double>(expected))))
      << what;
}

std::vector<std::uint64_t> all_bits(ColumnStatistics const& s) {
  std::vector<double> numbers{s.mean, s.standard_deviation, s.skewness, s.kurtosis, s.min, s.max};
  numbers.insert(numbers.end(), s.quantiles.begin(), s.quantiles.end());
  numbers.insert(numbers.end(), s.histogram_edges.begin(), s.histogram_edges.end());
  auto out = bits(numbers);
  out.push_back(s.count);
  out.push_back(s.missing);
  for (auto const n : s.histogram) out.push_back(static_cast<std::uint64_t>(n));
  return out;
}

TEST(Describe, gives_the_same_bits_however_the_rows_are_dealt) {
  for (auto const& kind : test::sample_kinds()) {
    auto const all = test::sample_column(kind, kRows);
    auto const expected = all_bits(describe(Communicator::self(), all));
    for (auto const deal : {Deal::uneven_runs, Deal::scattered}) {
      auto const mine = test::share_of(test::world(), all, deal);
      EXPECT_EQ(all_bits(describe(test::world(), mine)), expected) << kind;
    }
  }
}

TEST(Moments, agree_with_extended_precision) {
  for (auto const& kind : test::sample_kinds()) {
    if (kind == "nothing" || kind == "denormals" || kind == "all exponents") continue;
    auto const all = test::sample_column(kind, kRows);
    auto const m = moments(Communicator::self(), all);
    Oracle const oracle(all);
    EXPECT_EQ(m.count, oracle.count) << kind;
    EXPECT_EQ(m.missing, kRows - oracle.count) << kind;
    EXPECT_EQ(m.min, oracle.min) << kind;
    EXPECT_EQ(m.max, oracle.max) << kind;
    expect_near_relative(m.mean, oracle.mean, 1e-15, kind);
    if (m.min == m.max) continue;
    auto const n = static_cast<long double>(oracle.count);
    auto const variance = oracle.m2 / n;
    // the last bit of a value near 1e9 or of two neighbours is what these deviations are made of
    double const tolerance = kind == "neighbours" ? 1e-2 : kind == "far from zero" ? 1e-6 : 1e-12;
    expect_near_relative(m.standard_deviation, std::sqrt(oracle.m2 / (n - 1)), tolerance, kind);
    if (kind == "neighbours") continue;
    expect_near_relative(m.skewness, oracle.m3 / n / (variance * std::sqrt(variance)), tolerance, kind);
    expect_near_relative(m.kurtosis, oracle.m4 / n / (variance * variance) - 3, tolerance, kind);
  }
}

TEST(Moments, of_values_known_by_hand) {
  auto const m = moments(Communicator::self(), std::vector<double>{2, 4, 4, 4, 5, 5, 7, 9, test::kNaN});
  EXPECT_EQ(m.count, 8U);
  EXPECT_EQ(m.missing, 1U);
  EXPECT_EQ(m.mean, 5.0);
  EXPECT_DOUBLE_EQ(m.standard_deviation, std::sqrt(32.0 / 7));
  EXPECT_DOUBLE_EQ(m.skewness, 0.65625);
  EXPECT_DOUBLE_EQ(m.kurtosis, 2.78125 - 3);
}

TEST(Moments, have_exactly_no_variance_when_all_values_are_equal) {
  for (double const value : {0.1, -7e17, 1e300, 5e-324, 0.0}) {
    std::vector<double> const mine(static_cast<std::size_t>(test::world().rank() * 13), value);
    auto const m = moments(test::world(), mine);
    if (m.count == 0) continue;  // a single rank holds no row here
    EXPECT_EQ(m.mean, value);
    EXPECT_EQ(m.standard_deviation, 0.0);
    EXPECT_EQ(m.skewness, 0.0);
    EXPECT_EQ(m.kurtosis, 0.0);
  }
}

TEST(Moments, neither_overflow_nor_vanish_for_extreme_units) {
  auto const base = test::sample_column("whole numbers", 500);
  auto const expected = moments(Communicator::self(), base);
  for (int const exponent : {-900, -500, 500, 1000}) {
    auto scaled = base;
    for (auto& value : scaled) value = std::ldexp(value, exponent);
    auto const m = moments(Communicator::self(), scaled);
    EXPECT_EQ(m.standard_deviation, std::ldexp(expected.standard_deviation, exponent));
    EXPECT_EQ(bits(m.skewness), bits(expected.skewness));
    EXPECT_EQ(bits(m.kurtosis), bits(expected.kurtosis));
  }
  auto const tiny = moments(Communicator::self(), test::sample_column("denormals", kRows));
  EXPECT_GT(tiny.standard_deviation, 0.0);
  EXPECT_NEAR(tiny.kurtosis, 0.0, 0.3);  // of a Gaussian
}

TEST(Moments, do_not_move_with_a_large_offset) {
  // 2^30 + k is exact in double: the same deviations as k
  auto const base = test::sample_column("whole numbers", kRows);
  auto shifted = base;
  for (auto& value : shifted) value += 0x1p30;
  auto const a = moments(Communicator::self(), base), b = moments(Communicator::self(), shifted);
  EXPECT_NEAR(a.standard_deviation, b.standard_deviation, 1e-7);
  EXPECT_NEAR(a.kurtosis, b.kurtosis, 1e-7);
}

TEST(Describe, is_all_nan_when_nothing_is_there) {
  for (std::size_t const rows : {0U, 5U}) {
    auto const s = describe(test::world(), std::vector<double>(rows, test::kNaN));
    EXPECT_EQ(s.count, 0U);
    EXPECT_EQ(s.missing, rows * static_cast<std::size_t>(test::world().size()));
    for (double const number : {s.mean, s.standard_deviation, s.skewness, s.kurtosis, s.min, s.max}) {
      EXPECT_TRUE(std::isnan(number));
    }
    EXPECT_EQ(s.quantiles.size(), std::size(kReportedQuantiles));
    EXPECT_EQ(s.histogram_edges.size(), kHistogramBins + 1);
    EXPECT_TRUE(std::all_of(s.quantiles.begin(), s.quantiles.end(), [](double q) { return std::isnan(q); }));
    EXPECT_TRUE(std::all_of(s.histogram_edges.begin(), s.histogram_edges.end(),
                            [](double e) { return std::isnan(e); }));
    EXPECT_EQ(s.histogram, std::vector<std::int64_t>(kHistogramBins, 0));
  }
}

TEST(Histogram, counts_every_value_in_the_bin_whose_edges_hold_it) {
  for (auto const& kind : test::sample_kinds()) {
    if (kind == "nothing") continue;
    auto const all = test::sample_column(kind, kRows);
    auto const s = describe(Communicator::self(), all);
    auto const& edges = s.histogram_edges;
    ASSERT_EQ(edges.size(), kHistogramBins + 1);
    EXPECT_TRUE(std::is_sorted(edges.begin(), edges.end())) << kind;
    if (s.min < s.max) {
      EXPECT_EQ(edges.front(), s.min) << kind;
      EXPECT_EQ(edges.back(), s.max) << kind;
    }
    std::vector<std::int64_t> expected(kHistogramBins, 0);
    for (auto const value : all) {
      for (std::size_t b = 0; b < kHistogramBins; ++b) {
        bool const last = b + 1 == kHistogramBins;
        if (value >= edges[b] && (value < edges[b + 1] || (last && value == edges[b + 1]))) ++expected[b];
      }
    }
    EXPECT_EQ(s.histogram, expected) << kind;
    EXPECT_EQ(std::accumulate(expected.begin(), expected.end(), std::int64_t{0}),
              static_cast<std::int64_t>(s.count))
        << kind;
  }
}

TEST(Histogram, of_equal_values_has_one_bin_and_edges_around_them) {
  for (double const value : {0.0, 3.0, -7e17, 1e-200}) {
    auto const s = describe(Communicator::self(), std::vector<double>(10, value));
    EXPECT_LT(s.histogram_edges.front(), value);
    EXPECT_GT(s.histogram_edges.back(), value);
    EXPECT_EQ(*std::max_element(s.histogram.begin(), s.histogram.end()), 10);
  }
}

TEST(ExactSumOverRanks, equals_the_sum_on_one_rank) {
  std::vector<double> all = test::sample_column("all exponents", kRows);
  all.insert(all.end(), {1e300, 3.0, -1e300});
  double const expected = exact_sum(Communicator::self(), all);
  for (auto const deal : {Deal::uneven_runs, Deal::scattered}) {
    EXPECT_EQ(bits(exact_sum(test::world(), test::share_of(test::world(), all, deal))), bits(expected));
  }
  EXPECT_EQ(
      exact_sum(test::world(), test::share_of<double>(test::world(), {1e300, 3.0, -1e300}, Deal::scattered)),
      3.0);
  EXPECT_EQ(exact_sum(test::world(), {}), 0.0);
}

}  // namespace
}  // namespace tessera
