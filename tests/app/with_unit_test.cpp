// SPDX-License-Identifier: Apache-2.0
#include "../src/app/with_unit.hpp"

#include <limits>

#include <gtest/gtest.h>

namespace tessera {

namespace {

TEST(WithUnit, has_three_digits_and_a_prefix) {
  EXPECT_EQ(with_unit(0, "B"), "0 B");
  EXPECT_EQ(with_unit(999, "B"), "999 B");
  EXPECT_EQ(with_unit(999.9, "B"), "1 kB");
  EXPECT_EQ(with_unit(1234567, "B"), "1.23 MB");
  EXPECT_EQ(with_unit(2.5, "/s"), "2.5 /s");
}

TEST(AsDuration, is_hours_minutes_and_seconds) {
  EXPECT_EQ(as_duration(0), "0:00:00");
  EXPECT_EQ(as_duration(3723.9), "1:02:03");
  EXPECT_EQ(as_duration(360000), "100:00:00");
}

TEST(AsDuration, shows_any_number) {
  EXPECT_EQ(as_duration(-5), "0:00:00");
  EXPECT_EQ(as_duration(std::numeric_limits<double>::quiet_NaN()), "0:00:00");
  EXPECT_EQ(as_duration(std::numeric_limits<double>::infinity()), as_duration(1e9));
}

}  // namespace

}  // namespace tessera
