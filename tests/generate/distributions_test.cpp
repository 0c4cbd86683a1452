// SPDX-License-Identifier: Apache-2.0
#include "tessera/generate/distributions.hpp"

#include "tessera/generate/calendar.hpp"
#include "tessera/generate/dice.hpp"

#include <cmath>
#include <vector>

#include <gtest/gtest.h>

namespace tessera::generate {
namespace {

TEST(NormalQuantile, inverts_the_distribution_function) {
  for (double const p :
       {1e-300, 1e-16, 1e-9, 1e-4, 0.01, 0.07, 0.08, 0.3, 0.5, 0.7, 0.92, 0.93, 0.999, 1 - 1e-9}) {
    double const z = normal_quantile(p);
    double const back = 0.5 * std::erfc(-z / std::sqrt(2.0));
    EXPECT_NEAR(back / p, 1.0, 3e-6 * (1 + z * z)) << p;
  }
  EXPECT_EQ(normal_quantile(0.5), 0.0);
  EXPECT_EQ(normal_quantile(0.25), -normal_quantile(0.75));
}

TEST(Logistic, and_logit_are_inverse) {
  for (double const p : {0.001, 0.3, 0.5, 0.99}) EXPECT_NEAR(logistic(logit(p)), p, 1e-14);
}

TEST(SlotTable, has_the_shares_of_its_weights) {
  SlotTable const table(std::vector<double>{1, 0, 2, 5});
  EXPECT_NEAR(table.share(0), 1.0 / 8, 1.0 / 4096);
  EXPECT_EQ(table.share(1), 0);
  EXPECT_NEAR(table.share(2), 2.0 / 8, 1.0 / 4096);
  EXPECT_NEAR(table.share(3), 5.0 / 8, 1.0 / 4096);
  EXPECT_EQ(table[0], 0);
  EXPECT_EQ(table[4095], 3);
  EXPECT_EQ(table[4096 + 4095], 3);  // only its bits are looked at
}

TEST(SlotTable, refuses_more_choices_than_a_byte_has) {
  EXPECT_THROW(SlotTable(std::vector<double>(257, 1.0)), std::runtime_error);
  EXPECT_THROW(SlotTable(std::vector<double>()), std::runtime_error);
}

TEST(Pick, goes_by_running_sums) {
  std::vector<double> const weights{1, 3, 0, 4};
  EXPECT_EQ(pick(weights, 0.0), 0U);
  EXPECT_EQ(pick(weights, 0.124), 0U);
  EXPECT_EQ(pick(weights, 0.126), 1U);
  EXPECT_EQ(pick(weights, 0.499), 1U);
  EXPECT_EQ(pick(weights, 0.501), 3U);
  EXPECT_EQ(pick(weights, 1 - 1e-16), 3U);
}

TEST(Dice, tell_seeds_topics_customers_and_quarters_apart) {
  Dice base(1, Topic::person, 7, 0);
  auto const first = base.bits();
  EXPECT_EQ(Dice(1, Topic::person, 7, 0).bits(), first);
  EXPECT_NE(base.bits(), first);
  EXPECT_NE(Dice(2, Topic::person, 7, 0).bits(), first);
  EXPECT_NE(Dice(1, Topic::course, 7, 0).bits(), first);
  EXPECT_NE(Dice(1, Topic::person, 8, 0).bits(), first);
  EXPECT_NE(Dice(1, Topic::person, 7, 1).bits(), first);
}

TEST(Dice, throw_normal_and_poisson_variables_of_the_right_mean_and_variance) {
  constexpr int kDraws = 20000;
  for (double const mean : {0.0, 0.3, 4.0, 29.0, 31.0, 400.0}) {
    Dice dice(3, Topic::payments, 1);
    double sum = 0, squares = 0;
    for (int i = 0; i < kDraws; ++i) {
      auto const count = static_cast<double>(dice.poisson(mean));
      sum += count;
      squares += count * count;
    }
    double const average = sum / kDraws, variance = squares / kDraws - average * average;
    EXPECT_NEAR(average, mean, 5 * std::sqrt(mean / kDraws) + 1e-12);
    EXPECT_NEAR(variance, mean, 0.05 * mean + 1e-12);
  }
  Dice dice(3, Topic::person, 1);
  double sum = 0, squares = 0;
  for (int i = 0; i < kDraws; ++i) {
    double const z = dice.normal();
    sum += z;
    squares += z * z;
  }
  EXPECT_NEAR(sum / kDraws, 0, 0.03);
  EXPECT_NEAR(squares / kDraws, 1, 0.04);
}

TEST(Calendar, knows_quarters_month_ends_and_weekdays) {
  auto const last = quarter_before_last(0);
  EXPECT_EQ(last.name(), "2026Q3");
  EXPECT_EQ(last.first_day(), day_of(2026, 7, 1));
  EXPECT_EQ(last.last_day(), day_of(2026, 9, 30));
  EXPECT_EQ(last.days(), 92);
  auto const december = quarter_before_last(3);
  EXPECT_EQ(december.name(), "2025Q4");
  EXPECT_EQ(december.month_ends()[2], day_of(2025, 12, 31));
  EXPECT_EQ(quarter_before_last(7).name(), "2024Q4");
  EXPECT_EQ(weekday(day_of(1970, 1, 1)), 3);
  EXPECT_EQ(weekday(day_of(2026, 7, 5)), 6);
  EXPECT_EQ(banking_day(day_of(2026, 7, 5)), day_of(2026, 7, 3));
  EXPECT_EQ(banking_day(day_of(2026, 7, 3)), day_of(2026, 7, 3));
}

}  // namespace
}  // namespace tessera::generate
