// SPDX-License-Identifier: Apache-2.0
#include "tessera/generate/anomalies.hpp"
#include "tessera/generate/contracts.hpp"
#include "tessera/generate/credit_line.hpp"
#include "tessera/generate/distributions.hpp"
#include "tessera/generate/sequences.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <set>

#include "banks.hpp"
#include <gtest/gtest.h>

namespace tessera::generate {
namespace {

using test::bank;
using test::Seen;
using test::seen;

TEST(Customers, can_be_made_alone_at_the_far_end_of_a_billion) {
  auto const spec = bank(1'000'000'000);
  auto const few = seen(spec, 999'999'990, 10);
  auto const alone = seen(spec, 999'999'999, 1);
  ASSERT_FALSE(alone.empty());
  auto const same =
      std::find_if(few.begin(), few.end(), [](Seen const& s) { return s.person.ordinal == 999'999'999; });
  ASSERT_NE(same, few.end());
  auto const& a = same->statement.transactions;
  auto const& b = alone.front().statement.transactions;
  ASSERT_EQ(a.size(), b.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    EXPECT_EQ(a[i].day, b[i].day);
    EXPECT_EQ(a[i].balance, b[i].balance);
  }
  EXPECT_FALSE(seen(bank(std::uint64_t{1} << 47), (std::uint64_t{1} << 47) - 1, 1).empty());
}

TEST(Customers, have_segments_in_the_planted_shares_and_move_by_the_planted_matrix) {
  auto const spec = bank(40'000);
  std::array<double, kSegments> counts{};
  std::array<std::array<double, kSegments>, kSegments> moves{};
  for (std::uint64_t i = 0; i < spec.customers; ++i) {
    auto const person = person_at(spec, i);
    auto const course = course_of(spec, person);
    ++counts[person.first_segment];
    if (course.present(0) && course.present(1)) ++moves[course.segment[0]][course.segment[1]];
  }
  for (std::size_t s = 0; s < kSegments; ++s) {
    EXPECT_NEAR(counts[s] / 40'000, segments()[s].share, 0.01);
    double total = 0, planted = 0;
    for (std::size_t t = 0; t < kSegments; ++t) total += moves[s][t];
    for (std::size_t t = 0; t < kSegments; ++t) {
      EXPECT_NEAR(moves[s][t] / total, migration()[s][t], 0.012);
      planted += migration()[s][t];
    }
    EXPECT_NEAR(planted, 1, 1e-12);
  }
}

TEST(Customers, come_and_leave_as_often_as_planted) {
  auto const spec = bank(40'000);
  double expected = 0, left = 0, arrived = 0;
  for (std::uint64_t i = 0; i < spec.customers; ++i) {
    auto const person = person_at(spec, i);
    auto const course = course_of(spec, person);
    arrived += course.arrives == 1 ? 1 : 0;
    EXPECT_EQ(person.since >= spec.quarter(1).first_day(), course.arrives == 1);
    for (unsigned q = 0; q < 2; ++q) {
      if (!course.present(q)) continue;
      expected += course.churn[q];
      left += course.leaves_after == q ? 1 : 0;
    }
  }
  EXPECT_NEAR(arrived / 40'000, 0.015, 0.002);
  EXPECT_NEAR(left, expected, 4 * std::sqrt(expected));
  EXPECT_GT(expected / 80'000, 0.005);
  EXPECT_LT(expected / 80'000, 0.03);
}

TEST(Customers, are_adults_when_they_come) {
  auto const spec = bank(40'000);
  int youngest = 100;
  for (std::uint64_t i = 0; i < spec.customers; ++i) {
    auto const person = person_at(spec, i);
    auto const date = [](std::int32_t day) {
      return std::chrono::year_month_day(std::chrono::sys_days(std::chrono::days(day)));
    };
    auto const birthday = date(person.birth_day) + std::chrono::years(18);  // of 29 February: no day
    auto const adult = birthday.ok() ? birthday : birthday.year() / std::chrono::March / 1;
    EXPECT_GE(date(person.since), adult);
    auto const age = date(person.since).year() - date(person.birth_day).year();
    youngest = std::min(youngest, static_cast<int>(age.count()));
  }
  EXPECT_EQ(youngest, 18);
}

TEST(Customers, hold_products_as_the_planted_rules_say) {
  auto const spec = bank(40'000);
  std::array<std::array<double, 2>, 4> with{}, without{};  // [rule][has consequent]
  std::array<double, 2> students{};
  for (std::uint64_t i = 0; i < spec.customers; ++i) {
    auto const person = person_at(spec, i);
    auto const chosen = choices_of(spec, person, person.first_segment);
    auto const& has = chosen.products;
    std::array<bool, 4> const antecedent{
        has.has(Product::savings) && chosen.preferred == Channel::branch, has.has(Product::mortgage),
        has.has(Product::brokerage) && has.has(Product::credit_card), has.has(Product::consumer_loan)};
    for (std::size_t r = 0; r < 4; ++r)
      ++(antecedent[r] ? with : without)[r][has.has(static_cast<Product>(kFirstConsequent + r)) ? 1 : 0];
    if (chosen.job == Job::student) ++students[chosen.preferred == Channel::mobile ? 1 : 0];
  }
  auto const confidence = [](std::array<double, 2> const& n) { return n[1] / (n[0] + n[1]); };
  for (std::size_t r = 0; r < 4; ++r) {
    EXPECT_NEAR(confidence(with[r]), kProductRules[r].confidence, 0.02);
    EXPECT_NEAR(confidence(without[r]), kProductRules[r].otherwise, 0.01);
  }
  EXPECT_NEAR(confidence(students), kStudentsMobile, 0.02);
}

TEST(Customers, have_marginals_like_a_banks) {
  auto const spec = bank(20'000);
  std::vector<double> incomes, balances;
  double n = 0, unknown = 0, overdrawn = 0, both = 0, brokers = 0, savers = 0, products = 0;
  double logs = 0, income_log = 0, balance_log = 0, income_square = 0, balance_square = 0,
         product_of_logs = 0;
  for (auto const& s : seen(spec, 0, spec.customers)) {
    if (s.q != 0) continue;
    ++n;
    incomes.push_back(static_cast<double>(s.standing.income) / 100);
    balances.push_back(static_cast<double>(s.statement.mean_balance) / 100);
    unknown += s.person.tells_income ? 0 : 1;
    overdrawn += s.statement.mean_balance < 0 ? 1 : 0;
    bool const broker = s.standing.chosen.products.has(Product::brokerage);
    bool const saver = s.standing.chosen.products.has(Product::savings);
    brokers += broker ? 1 : 0;
    savers += saver ? 1 : 0;
    both += broker && saver ? 1 : 0;
    products += s.standing.chosen.products.size();
    if (balances.back() < 1) continue;
    ++logs;
    double const i = std::log(incomes.back()), b = std::log(balances.back());
    income_log += i;
    balance_log += b;
    income_square += i * i;
    balance_square += b * b;
    product_of_logs += i * b;
  }
  std::sort(incomes.begin(), incomes.end());
  std::sort(balances.begin(), balances.end());
  auto const quantile = [](std::vector<double> const& v, double q) {
    return v[static_cast<std::size_t>(q * static_cast<double>(v.size() - 1))];
  };
  double const correlation = (product_of_logs - income_log * balance_log / logs) /
                             std::sqrt((income_square - income_log * income_log / logs) *
                                       (balance_square - balance_log * balance_log / logs));
  EXPECT_NEAR(correlation, 0.5, 0.15);
  EXPECT_NEAR(unknown / n, 0.12, 0.01);
  EXPECT_NEAR(quantile(incomes, 0.5), 2300, 250);
  EXPECT_GT(quantile(incomes, 0.99), 4 * quantile(incomes, 0.5));  // heavy tails
  EXPECT_GT(quantile(balances, 0.99), 15 * quantile(balances, 0.5));
  EXPECT_LT(overdrawn / n, 0.15);
  EXPECT_GT(overdrawn / n, 0.01);
  EXPECT_GT(both / n, 1.15 * brokers / n * savers / n);  // products go together beyond chance
  EXPECT_NEAR(products / n, 2.4, 0.5);
}

TEST(Statements, have_the_mean_number_of_transactions_that_was_asked_for) {
  for (double const asked : {30.0, 50.0, 200.0}) {
    auto spec = bank(8'000);
    spec.transactions_per_customer = asked;
    double rows = 0, quarters = 0, most = 0;
    for (auto const& s : seen(spec, 0, spec.customers)) {
      rows += static_cast<double>(s.statement.transactions.size());
      most = std::max(most, static_cast<double>(s.statement.transactions.size()));
      ++quarters;
    }
    EXPECT_NEAR(rows / quarters, asked, 0.04 * asked);
    EXPECT_GT(most, 4 * asked);
  }
}

TEST(Statements, add_up_and_stay_in_their_quarter) {
  auto const spec = bank(3'000);
  std::int64_t closing = 0;
  std::uint64_t before = UINT64_MAX;
  for (auto const& s : seen(spec, 0, spec.customers)) {
    auto const quarter = spec.quarter(s.q);
    auto balance = s.statement.opening;
    if (s.person.ordinal == before) {
      EXPECT_EQ(balance, closing);
    }
    std::int32_t day = std::max(quarter.first_day(), s.person.since);
    for (auto const& t : s.statement.transactions) {
      EXPECT_GE(t.day, day);
      EXPECT_LE(t.day, quarter.last_day());
      EXPECT_EQ(t.balance, balance + t.cents);
      EXPECT_NE(t.cents, 0);
      day = t.day;
      balance = t.balance;
    }
    EXPECT_EQ(balance, s.statement.closing());
    before = s.person.ordinal;
    closing = balance;
  }
}

TEST(Statements, pay_wages_on_the_employers_day_or_the_friday_before) {
  auto const spec = bank(2'000);
  std::uint64_t wages = 0;
  for (auto const& s : seen(spec, 0, spec.customers)) {
    auto const ends = spec.quarter(s.q).month_ends();
    std::set<std::int32_t> allowed;
    std::int32_t previous = spec.quarter(s.q).first_day() - 1;
    for (auto const end : ends) {
      auto const day = banking_day(std::min(end, previous + s.person.pay_day));
      allowed.insert(std::max(day, spec.quarter(s.q).first_day()));
      previous = end;
    }
    for (auto const& t : s.statement.transactions) {
      if (t.type != Type::salary) continue;
      ++wages;
      EXPECT_TRUE(allowed.contains(t.day));
      EXPECT_EQ(t.cents, s.standing.income);
    }
  }
  EXPECT_GT(wages, 4000U);
}

TEST(Statements, know_december_and_the_weekend) {
  auto spec = bank(3'000);
  spec.quarters = 4;  // from 2025Q4
  std::array<double, 3> months{};
  std::array<double, 7> weekdays{};
  auto const ends = spec.quarter(0).month_ends();
  for (auto const& s : seen(spec, 0, spec.customers)) {
    if (s.q != 0) continue;
    for (auto const& t : s.statement.transactions) {
      if (t.type != Type::card) continue;
      ++months[static_cast<std::size_t>((t.day > ends[0]) + (t.day > ends[1]))];
      ++weekdays[static_cast<std::size_t>(weekday(t.day))];
    }
  }
  EXPECT_NEAR(months[2] / months[0], 1.26 / 0.98, 0.05);
  EXPECT_NEAR(weekdays[5] / weekdays[6], 1.25 / 0.78, 0.12);
}

TEST(Statements, hold_the_planted_anomalies_and_sequences) {
  auto const spec = bank(12'000);
  std::array<int, 3> anomalies{}, sequences{};
  for (auto const& s : seen(spec, 0, spec.customers)) {
    auto const& rows = s.statement.transactions;
    if (auto const anomaly = anomaly_of(spec, s.person, s.q)) {
      ++anomalies[static_cast<std::size_t>(anomaly->kind)];
      auto const of = [&](auto&& is) {
        return std::count_if(rows.begin(), rows.end(),
                             [&](Transaction const& t) { return t.day == anomaly->day && is(t); });
      };
      if (anomaly->kind == AnomalyKind::large_transfer) {
        EXPECT_GE(of([&](Transaction const& t) { return t.cents >= 6 * s.standing.income - 1; }), 1);
      } else if (anomaly->kind == AnomalyKind::card_burst) {
        EXPECT_GE(of([](Transaction const& t) { return t.type == Type::card && t.way == Way::web; }), 15);
      } else {
        EXPECT_GE(of([](Transaction const& t) { return t.type == Type::atm && t.cents == -50000; }), 5);
      }
    }
    if (auto const planted = sequence_of(spec, s.person, s.course, s.q)) {
      ++sequences[planted->sequence];
      for (std::size_t step = 0; step < 3; ++step) {
        auto const category = static_cast<std::uint8_t>(kSequences[planted->sequence].steps[step]);
        EXPECT_TRUE(std::any_of(rows.begin(), rows.end(), [&](Transaction const& t) {
          return t.day == planted->days[step] && t.category == category;
        }));
      }
      EXPECT_LT(planted->days[0], planted->days[1]);
      EXPECT_LT(planted->days[1], planted->days[2]);
    }
  }
  for (auto const count : anomalies) EXPECT_NEAR(count, 12'000 * 2 * kAnomalyShare / 3, 20);
  for (auto const count : sequences) EXPECT_GT(count, 200);
}

TEST(Credit, defaults_and_utilisation_rise_together) {
  auto const spec = bank(10'000);
  double low = 0, high = 0, lows = 0, highs = 0, all = 0;
  for (auto const& s : seen(spec, 0, spec.customers)) {
    if (s.q != 1) continue;
    auto const months = credit_of(spec, s.person, s.standing, s.q);
    for (auto const& month : months) {
      EXPECT_GE(month.used, 0);
      EXPECT_LE(static_cast<double>(month.used), 1.05 * static_cast<double>(s.standing.limit) + 1);
      EXPECT_LE(month.days_past_due, 90);
      EXPECT_LE(month.arrears, 12);
    }
    double const p = default_probability(s.standing, months.back());
    ASSERT_GT(p, 0);
    ASSERT_LT(p, 1);
    (s.standing.utilisation > 0.7 ? high : low) += p;
    (s.standing.utilisation > 0.7 ? highs : lows) += 1;
    all += p;
  }
  EXPECT_GT(high / highs, 5 * low / lows);
  EXPECT_NEAR(all / (highs + lows), 0.02, 0.015);  // a bank's share of defaults
}

TEST(Contracts, run_at_the_quarters_end_and_began_before_it) {
  auto const spec = bank(4'000);
  double deposits = 0, holders = 0, renewed = 0;
  for (auto const& s : seen(spec, 0, spec.customers)) {
    auto const last = spec.quarter(s.q).last_day();
    auto const contracts = contracts_of(spec, s.person, s.course, s.standing, s.q);
    ProductSet found;
    for (auto const& contract : contracts) {
      found.add(contract.product);
      EXPECT_LE(contract.opened, last);
      EXPECT_GE(contract.opened, s.person.since);
      EXPECT_GT(contract.amount, 0);
      if (contract.months) {
        EXPECT_GT(contract.maturity, last);
      }
      deposits += contract.product == Product::term_deposit ? 1 : 0;
      renewed += contract.rolled_over > 0 ? 1 : 0;
    }
    EXPECT_EQ(found.size(), s.standing.chosen.products.size());
    holders += found.has(Product::term_deposit) ? 1 : 0;
  }
  EXPECT_NEAR(deposits / holders, 1.7, 0.15);
  EXPECT_GT(renewed, 100);
}

}  // namespace
}  // namespace tessera::generate
