// SPDX-License-Identifier: Apache-2.0
#include "../src/prep/wide_integer.hpp"

#include "tessera/core/random.hpp"

#include <chrono>
#include <cmath>
#include <vector>

#include "../src/prep/calendar.hpp"
#include "../src/prep/value_grid.hpp"
#include <gtest/gtest.h>

namespace tessera::detail {
namespace {

std::vector<Int128> awkward_numbers() {
  std::vector<Int128> out{0, 1, -1};
  for (int bit : {31, 32, 62, 63, 64, 65, 94, 95, 126}) {
    for (Int128 const offset : {-1, 0, 1}) {
      out.push_back((Int128{1} << bit) + offset);
      out.push_back(-(Int128{1} << bit) + offset);
    }
  }
  return out;
}

TEST(WideInteger, agrees_with_doubles_on_sums_products_and_squares) {
  for (auto const a : awkward_numbers()) {
    auto const x = static_cast<double>(a);
    EXPECT_DOUBLE_EQ(WideInteger<3>(a).value(), x);
    EXPECT_DOUBLE_EQ((-WideInteger<4>(a)).value(), -x);
    EXPECT_DOUBLE_EQ(WideInteger<4>::square_of(a).value(), x * x);
    auto thrice = WideInteger<3>(a);
    thrice *= 3;
    EXPECT_DOUBLE_EQ(thrice.value(), 3 * x);
    for (auto const b : awkward_numbers()) {
      auto sum = WideInteger<4>(a);
      sum += WideInteger<4>(b);
      auto difference = sum;
      difference += -WideInteger<4>(b);
      EXPECT_DOUBLE_EQ(difference.value(), x);
      bool const fits = std::abs(x) < 0x1p126 && std::abs(static_cast<double>(b)) < 0x1p126;
      if (fits) {
        EXPECT_DOUBLE_EQ(sum.value(), static_cast<double>(a + b));
      }
    }
  }
}

TEST(WideInteger, squares_are_exact) {
  for (auto const a : awkward_numbers()) {
    // (a + 1)^2 - a^2 - 2a - 1 = 0, in all 256 bits.
    auto left = WideInteger<4>::square_of(a + 1);
    left += -WideInteger<4>::square_of(a);
    auto twice = WideInteger<4>(a);
    twice *= 2;
    left += -twice;
    left += WideInteger<4>(Int128{-1});
    EXPECT_EQ(left.value(), 0.0);
  }
}

TEST(WideInteger, is_stored_and_loaded) {
  for (auto const a : awkward_numbers()) {
    std::uint64_t words[4];
    WideInteger<4>::square_of(a).store(words);
    EXPECT_EQ(WideInteger<4>::load(words).value(), WideInteger<4>::square_of(a).value());
    store_int128(words, a);
    EXPECT_TRUE(load_int128(words) == a);
  }
}

TEST(ValueGrid, holds_values_of_16_and_more_as_they_are) {
  Draw const draw(3, Purpose::generate);
  for (std::uint64_t i = 0; i < 2000; ++i) {
    double const value = std::ldexp(1 + draw.uniform(i), 4 + static_cast<int>(draw.below(43, i, 1)));
    for (double const signed_value : {value, -value})
      EXPECT_EQ(value_of(steps_of(signed_value)), signed_value);
    double const small = draw.uniform(i, 2) * 16 - 8;
    EXPECT_NEAR(value_of(steps_of(small)), small, 0x1p-49);
  }
  EXPECT_TRUE(on_grid(std::nextafter(0x1p47, 0)));
  EXPECT_FALSE(on_grid(-0x1p47));
}

TEST(Calendar, months_are_those_of_the_standard_library) {
  for (std::int32_t day = -800'000; day < 800'000; day += 13) {
    std::chrono::year_month_day const date{std::chrono::sys_days(std::chrono::days(day))};
    ASSERT_EQ(month_of(day),
              static_cast<int>(date.year()) * 12 + static_cast<int>(static_cast<unsigned>(date.month())) - 1);
  }
}

TEST(Calendar, days_of_times_begin_at_midnight) {
  EXPECT_EQ(day_of(86399.0, ColumnType::datetime), 0);
  EXPECT_EQ(day_of(-1.0, ColumnType::datetime), -1);
  EXPECT_EQ(day_of(-3.0, ColumnType::date), -3);
  EXPECT_EQ(day_of(kMissingNumber, ColumnType::date), kNoDay);
}

}  // namespace
}  // namespace tessera::detail
