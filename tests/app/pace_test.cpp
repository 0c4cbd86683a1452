// SPDX-License-Identifier: Apache-2.0
#include "../src/app/pace.hpp"

#include <gtest/gtest.h>

namespace tessera {

namespace {

TEST(Pace, knows_nothing_in_the_beginning) {
  Pace pace;
  pace.begin(100);
  EXPECT_FALSE(pace.share());
  EXPECT_FALSE(pace.rate());
  EXPECT_FALSE(pace.seconds_left(101));
}

TEST(Pace, tells_share_rate_and_time_left) {
  Pace pace;
  pace.begin(100);
  pace.update(20, 80, 110);
  EXPECT_DOUBLE_EQ(*pace.share(), 0.25);
  EXPECT_DOUBLE_EQ(*pace.rate(), 2);
  EXPECT_DOUBLE_EQ(*pace.seconds_left(110), 30);
  EXPECT_DOUBLE_EQ(*pace.seconds_left(125), 15);  // nothing heard since, but time passes
  EXPECT_DOUBLE_EQ(*pace.seconds_left(1000), 0);
}

TEST(Pace, does_without_a_total) {
  Pace pace;
  pace.begin(0);
  pace.update(30, 0, 10);
  EXPECT_FALSE(pace.share());
  EXPECT_DOUBLE_EQ(*pace.rate(), 3);
  EXPECT_FALSE(pace.seconds_left(10));
}

TEST(Pace, goes_by_the_round_where_a_stage_has_several) {
  Pace pace;
  pace.begin(0);
  pace.update(50, 100, 50);
  pace.update(10, 100, 60);  // the second round began when the first was last heard of
  EXPECT_DOUBLE_EQ(*pace.rate(), 1);
  EXPECT_DOUBLE_EQ(*pace.seconds_left(60), 90);
}

TEST(Pace, never_exceeds_the_whole) {
  Pace pace;
  pace.begin(0);
  pace.update(120, 100, 10);
  EXPECT_DOUBLE_EQ(*pace.share(), 1);
  EXPECT_DOUBLE_EQ(*pace.seconds_left(10), 0);
}

TEST(Pace, forgets_the_stage_before) {
  Pace pace;
  pace.begin(0);
  pace.update(50, 100, 50);
  pace.begin(60);
  EXPECT_FALSE(pace.share());
  EXPECT_FALSE(pace.rate());
}

}  // namespace

}  // namespace tessera
