// SPDX-License-Identifier: Apache-2.0
#include "tessera/core/exact_sum.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include <gtest/gtest.h>

namespace tessera {
namespace {

constexpr double kMax = std::numeric_limits<double>::max();
constexpr double kTiny = std::numeric_limits<double>::denorm_min();

double sum_of(std::vector<double> const& values) {
  ExactSum sum;
  for (auto const value : values) sum.add(value);
  return sum.value();
}

std::uint64_t bits(double value) {
  return std::bit_cast<std::uint64_t>(value);
}

TEST(ExactSum, is_zero_when_nothing_was_added) {
  EXPECT_EQ(bits(ExactSum().value()), bits(0.0));
}

TEST(ExactSum, returns_a_single_value_unchanged) {
  for (double const value :
       {1.0, -1.0, 0.1, -1e300, 1e-300, kMax, -kMax, kTiny, -kTiny, 0x1p-1022, 0x1p-1022 - kTiny,
        -0x1.fffffffffffffp-1022, 0x1p31, 0x1p32, 0x1p-1042, 4503599627370497.5}) {
    EXPECT_EQ(bits(sum_of({value})), bits(value)) << value;
  }
  EXPECT_EQ(bits(sum_of({-0.0})), bits(0.0));
}

TEST(ExactSum, returns_every_power_of_two_unchanged) {
  for (int exponent = -1074; exponent <= 1023; ++exponent) {
    double const value = std::ldexp(1.0, exponent);
    ASSERT_EQ(sum_of({value}), value) << exponent;
    ASSERT_EQ(sum_of({-value}), -value) << exponent;
    ASSERT_EQ(sum_of({value, kMax / 2, -kMax / 2}), value) << exponent;
  }
}

TEST(ExactSum, rounds_once_to_nearest_with_ties_to_even) {
  constexpr double kUlp = 0x1p-52;
  EXPECT_EQ(sum_of({1.0, kUlp / 2}), 1.0);
  EXPECT_EQ(sum_of({1.0, kUlp / 2, kTiny}), 1.0 + kUlp);
  EXPECT_EQ(sum_of({1.0, kUlp / 2, -kTiny}), 1.0);
  EXPECT_EQ(sum_of({1.0 + kUlp, kUlp / 2}), 1.0 + 2 * kUlp);
  EXPECT_EQ(sum_of({1.0 + kUlp, kUlp / 2, -kTiny}), 1.0 + kUlp);
  EXPECT_EQ(sum_of({-1.0, -kUlp / 2}), -1.0);
  EXPECT_EQ(sum_of({-1.0, -kUlp / 2, -kTiny}), -1.0 - kUlp);
  EXPECT_EQ(sum_of({-1.0 - kUlp, -kUlp / 2}), -1.0 - 2 * kUlp);
  EXPECT_EQ(sum_of(std::vector<double>(1 << 20, kUlp / 2)), 0x1p-33);
  EXPECT_EQ(sum_of({1.0, 0x1p-53, 0x1p-106, -0x1p-106}), 1.0);
}

TEST(ExactSum, keeps_what_floating_point_addition_would_lose) {
  EXPECT_EQ(sum_of({1e300, 1.0, -1e300}), 1.0);
  EXPECT_EQ(sum_of({kMax, kTiny, -kMax}), kTiny);
  EXPECT_EQ(sum_of({kTiny, kTiny, kTiny}), 3 * kTiny);
  EXPECT_EQ(sum_of({0x1p-1022, -kTiny}), 0x1p-1022 - kTiny);
}

TEST(ExactSum, may_leave_the_range_of_double_on_the_way) {
  EXPECT_EQ(sum_of({kMax, kMax, -kMax}), kMax);
  EXPECT_EQ(sum_of({kMax, kMax}), std::numeric_limits<double>::infinity());
  EXPECT_EQ(sum_of({-kMax, -kMax}), -std::numeric_limits<double>::infinity());
  std::vector<double> values(100'000, kMax);
  values.insert(values.end(), 99'999, -kMax);
  EXPECT_EQ(sum_of(values), kMax);
}

TEST(ExactSum, agrees_with_rational_arithmetic) {
  // Expected values from Python: float(sum(map(Fraction, values))).
  struct Case {
    std::vector<double> values;
    double sum;
  };
  std::vector<Case> const cases = {
      {{0x1.876178b6ec4cep+916,   -0x1.e7af6b1c4c68cp-1003, -0x1.1c7eaa301850ep+971, -0x1.04fbb5953f48cp+925,
        -0x1.a31c20b97748ap-1021, 0x1.5e761dd8cd4f0p+35,    -0x1.ce8e00f6ba688p+948, 0x0.000000000068ep-1022,
        0x1.ce8e00f6ba688p+948,   -0x1.2d1928c0757d8p+905,  -0x1.1c7eaa301850cp+971, -0x1.876178b6ec4d1p+916,
        0x1.876178b6ec4d1p+916,   0x1.04fbb5953f48cp+925,   0x1.2d1928c0757d8p+905,  -0x0.000000000068ep-1022,
        0x1.1c7eaa301850ep+971,   0x1.e7af6b1c4c68cp-1003,  -0x1.876178b6ec4cep+916, 0x1.1c7eaa301850cp+971},
       0x1.5e761dd8cd4f0p+35},
      {{-0x1.beab862a97108p+30, 0x1.9503011c81dc0p-44, 0x0.00033aabfc3a1p-1022, 0x1.8c544a5596698p-26,
        -0x1.8c544a559669ap-26, 0x1.8289fcfe4c288p-21, -0x1.b084419e228acp+903, 0x1.c75a7b228d5ecp-1018,
        -0x1.85ec915a55c38p+990, -0x0.00033aabfc3a1p-1022, 0x1.a6b3516a50df4p+47},
       -0x1.85ec915a55c38p+990},
      {{-0x0.000701086d9e7p-1022, 0x0.000000036ffe6p-1022, -0x0.0p+0, 0x0.0000000000004p-1022, 0x0.0p+0,
        -0x0.000d0c0de99ddp-1022, 0x0.0p+0, 0x0.000d0c0de99ddp-1022, -0x0.000000036ffe6p-1022,
        0x0.000701086d9e7p-1022, -0x0.000058cb2d19cp-1022, 0x0.0000000030c43p-1022, -0x0.00000063dbbd1p-1022,
        -0x0.0p+0},
       -0x0.0000592ed8126p-1022},
      {{0x1.0aff362a90920p-34, -0x1.5e42115e81140p+63, 0x1.2d6a02ef004c0p+52, -0x1.6c6c76f2eb844p-43,
        -0x1.2ddc1e06461aep+10, 0x1.cfc8659f7e668p-40, 0x1.e9fc3ad24b1b4p+72, 0x1.396caa1ea4414p+72,
        0x1.8542278b0d590p-31},
       0x1.915ceb5f70257p+73},
  };
  for (auto const& c : cases) EXPECT_EQ(sum_of(c.values), c.sum);
}

TEST(ExactSum, agrees_with_128_bit_integers) {
  std::mt19937_64 random(1);
  for (int repeat = 0; repeat < 200; ++repeat) {
    ExactSum sum;
    __int128 oracle = 0;
    for (int i = 0; i < 500; ++i) {
      auto const mantissa = static_cast<std::int64_t>(random() >> 11) - (std::int64_t{1} << 52);
      int const shift = static_cast<int>(random() % 60);
      sum.add(std::ldexp(static_cast<double>(mantissa), shift - 30));
      oracle += static_cast<__int128>(mantissa) << shift;
    }
    EXPECT_EQ(sum.value(), std::ldexp(static_cast<double>(oracle), -30));
  }
}

TEST(ExactSum, does_not_depend_on_order_or_grouping) {
  std::mt19937_64 random(2);
  std::vector<double> values(2000);
  for (auto& value : values) {
    value = std::ldexp(static_cast<double>(static_cast<std::int64_t>(random())),
                       static_cast<int>(random() % 1900) - 1000);
  }
  double const expected = sum_of(values);
  for (int repeat = 0; repeat < 20; ++repeat) {
    std::shuffle(values.begin(), values.end(), random);
    ExactSum total;
    for (std::size_t first = 0; first < values.size();) {
      auto const last = std::min(values.size(), first + 1 + random() % 700);
      ExactSum part;
      for (std::size_t i = first; i < last; ++i) part.add(values[i]);
      if (repeat % 2 == 0) part.normalize();
      total.add(part);
      first = last;
    }
    ASSERT_EQ(bits(total.value()), bits(expected));
  }
}

TEST(ExactSum, can_be_added_digit_by_digit_once_normalized) {
  ExactSum left, right, both;
  for (int i = 1; i < 1000; ++i) {
    double const value = std::ldexp(i % 2 == 0 ? 1.0 / i : -1.0 / i, i - 500);
    (i % 3 == 0 ? left : right).add(value);
    both.add(value);
  }
  left.normalize();
  right.normalize();
  for (std::size_t i = 0; i < ExactSum::kDigits; ++i) left.digits()[i] += right.digits()[i];
  EXPECT_EQ(bits(left.value()), bits(both.value()));
}

TEST(ExactSum, survives_doubling_itself) {
  ExactSum sum;
  sum.add(-0.3);
  for (int i = 0; i < 100; ++i) sum.add(sum);
  EXPECT_EQ(sum.value(), std::ldexp(-0.3, 100));
}

}  // namespace
}  // namespace tessera
