// SPDX-License-Identifier: Apache-2.0
#include "tessera/generate/statement_maker.hpp"

#include "tessera/generate/anomalies.hpp"
#include "tessera/generate/dice.hpp"
#include "tessera/generate/sequences.hpp"

#include <algorithm>
#include <cmath>

#include "cents.hpp"

namespace tessera::generate {

namespace {

/// Payments by month, January first, mean 1: December buys presents, summer travels.
constexpr std::array<double, 12> kMonths{0.88, 0.88, 0.96, 0.98, 0.99, 1.0,
                                         1.05, 1.03, 0.97, 0.98, 1.02, 1.26};
/// Payments by weekday, Monday first, mean 1.
constexpr std::array<double, 7> kWeekdays{0.90, 0.92, 0.95, 1.00, 1.20, 1.25, 0.78};
constexpr double kOnlineByMobile = 0.6;

constexpr double kRent = 0.26, kUtilities = 0.06, kTelephone = 0.015;  // of the income
constexpr int kPensionDay = 28;
constexpr int kInvoices = 6;        // a quarter
constexpr std::int64_t kFee = 390;  // cents a quarter

std::int64_t share_of(std::int64_t amount, double share) {
  return static_cast<std::int64_t>(std::floor(static_cast<double>(amount) * share + 0.5));
}

std::uint8_t number(Category category) {
  return static_cast<std::uint8_t>(category);
}

bool lives_on_invoices(Standing const& standing) {
  return standing.chosen.job == Job::trader || segments()[standing.segment].name == "self_employed";
}

int pay_day(Person const& person, Standing const& standing) {
  return standing.chosen.job == Job::retired ? kPensionDay : person.pay_day;
}

/// The balance at month ends from which the mean over the days comes to about standing.balance: who is paid
/// at the end of the month has a month's money then.
std::int64_t month_end_level(Person const& person, Standing const& standing) {
  constexpr double kSpentEarlier = 0.59;  // of an income: mean over the month of what has left the account
  double const received =
      lives_on_invoices(standing) ? 0.5 : (30.0 - std::min<int>(30, pay_day(person, standing))) / 30.0;
  auto const shift = share_of(standing.income, kSpentEarlier - received);
  return std::max(standing.balance + shift, standing.balance / 5);
}

/// The day of a month that ends on `month_end`, or its last day where it has fewer.
std::int32_t day_in_month(std::int32_t month_end, std::int32_t month_before_end, int day) {
  return std::min(month_end, month_before_end + day);
}

}  // namespace

std::string_view category_name(std::uint8_t category) noexcept {
  constexpr std::array<std::string_view, kCategories - kSpendings> kOthers{
      "income",     "housing",      "utilities", "saving",    "fees",     "flights",      "hotels",
      "car_rental", "estate_agent", "notary",    "furniture", "gambling", "cash_advance", "collection"};
  return category < kSpendings ? kSpendingNames[category] : kOthers[category - kSpendings];
}

StatementMaker::Season StatementMaker::season_of(Quarter const& quarter) {
  auto const first = quarter.first_day();
  auto const ends = quarter.month_ends();
  std::vector<double> weights;
  double level = 0;
  for (std::int32_t day = first; day <= ends[2]; ++day) {
    auto const month = static_cast<std::size_t>(3 * (quarter.number - 1) + (day > ends[0]) + (day > ends[1]));
    weights.push_back(kMonths[month] * kWeekdays[static_cast<std::size_t>(weekday(day))]);
    level += kMonths[month];
  }
  level /= static_cast<double>(weights.size());
  return {quarter, first, ends, SlotTable(weights), level};
}

StatementMaker::Habits StatementMaker::habits_of(Segment const& segment) {
  std::array<double, 3> const ways{1 - segment.online, segment.online * (1 - kOnlineByMobile),
                                   segment.online * kOnlineByMobile};  // pos, web, mobile
  double total = 0, sum = 0;
  for (std::size_t s = 0; s < kSpendings; ++s) {
    total += segment.spending[s];
    sum += segment.spending[s] * lognormal_mean(kSpendingAmounts[s].median, kSpendingAmounts[s].sigma);
  }
  return {SlotTable(segment.spending), SlotTable(ways), sum / total};
}

StatementMaker::StatementMaker(BankSpec const& spec) : spec_(spec) {
  for (unsigned q = 0; q < spec.quarters; ++q) seasons_.push_back(season_of(spec.quarter(q)));
  for (auto const& segment : segments()) habits_.push_back(habits_of(segment));
}

void StatementMaker::make(Person const& person, Course const& course, Standing const& standing, unsigned q,
                          std::optional<std::int64_t> opening, Statement& out) {
  drafts_.clear();
  out = {std::move(out.transactions), opening.value_or(month_end_level(person, standing)), {}, 0, 0, 0};
  if (person.since >= seasons_[q].first_day) {
    out.opening = 0;
    drafts_.push_back({.day = person.since,
                       .cents = standing.balance,
                       .type = Type::transfer,
                       .way = Way::branch,
                       .category = static_cast<std::uint8_t>(Spending::transfer)});
  }
  add_income(person, standing, q);
  add_orders(person, standing, q);
  add_payments(person, standing, q);
  add_sequences(spec_, person, course, q, drafts_);
  add_anomaly(person, standing, q);
  settle(person, standing, q, out);
}

void StatementMaker::add_income(Person const& person, Standing const& standing, unsigned q) {
  auto const& season = seasons_[q];
  Dice dice(spec_.seed, Topic::income, person.ordinal, q);
  if (lives_on_invoices(standing)) {
    for (int i = 0; i < kInvoices; ++i) {
      auto const day = season.first_day + static_cast<std::int32_t>(
                                              dice.below(static_cast<std::uint64_t>(season.quarter.days())));
      double const part = std::exp(0.4 * dice.normal() - 0.08) * 3 / kInvoices;
      drafts_.push_back({.day = banking_day(day),
                         .cents = share_of(standing.income, part),
                         .type = Type::invoice,
                         .way = Way::automatic,
                         .category = number(Category::income)});
    }
    return;
  }
  bool const retired = standing.chosen.job == Job::retired;
  std::int32_t before = season.first_day - 1;
  for (int m = 0; m < 3; ++m) {
    auto const end = season.month_ends[static_cast<std::size_t>(m)];
    if (standing.leaving && m == 2) break;  // wages go to the new bank already
    auto const day = banking_day(day_in_month(end, before, pay_day(person, standing)));
    drafts_.push_back({.day = std::max(day, season.first_day),
                       .cents = standing.income,
                       .type = retired ? Type::pension : Type::salary,
                       .way = Way::automatic,
                       .category = number(Category::income)});
    before = end;
  }
}

void StatementMaker::add_orders(Person const& person, Standing const& standing, unsigned q) {
  auto const& season = seasons_[q];
  auto const order = [&](std::int32_t day, std::int64_t amount, Category category) {
    drafts_.push_back({.day = day,
                       .cents = -amount,
                       .type = Type::standing_order,
                       .way = Way::automatic,
                       .category = number(category)});
  };
  int const rent_day = 1 + static_cast<int>(person.ordinal % 4), power_day = 8 + rent_day;
  std::int32_t before = season.first_day - 1;
  for (auto const end : season.month_ends) {
    order(before + rent_day, share_of(standing.income, kRent), Category::housing);
    order(before + power_day, share_of(standing.income, kUtilities), Category::utilities);
    order(before + power_day + 6, share_of(standing.income, kTelephone), Category::utilities);
    before = end;
  }
  if (standing.chosen.job != Job::student) {
    drafts_.push_back({.day = season.month_ends[2],
                       .cents = -kFee,
                       .type = Type::fee,
                       .way = Way::automatic,
                       .category = number(Category::fees)});
  }
}

void StatementMaker::add_payments(Person const& person, Standing const& standing, unsigned q) {
  auto const& season = seasons_[q];
  auto const& habits = habits_[standing.segment];
  Dice dice(spec_.seed, Topic::payments, person.ordinal, q);
  double const expected = standing.payments * season.level;
  auto const count = dice.poisson(expected);
  double const budget = 3e-2 * static_cast<double>(standing.income) * segments()[standing.segment].spent;
  double const scale = std::clamp(budget / std::max(1.0, expected * habits.mean_amount), 0.1, 8.0);
  for (std::uint64_t i = 0; i < count; ++i) {
    // One draw a payment: 12 bits each for day, spending and way, 28 for the amount.
    auto const bits = dice.bits();
    auto const spending = habits.spending[bits >> 12];
    double const z = normal_quantile((static_cast<double>(bits >> 36) + 0.5) * 0x1p-28);
    double const units = scale * kSpendingAmounts[spending].at(z, 1.0);
    Transaction payment{.day = season.first_day + season.day[bits],
                        .cents = -std::max<std::int64_t>(50, cents(units)),
                        .type = Type::card,
                        .way = static_cast<Way>(habits.way[bits >> 24]),
                        .category = spending};
    if (spending == static_cast<std::uint8_t>(Spending::cash)) {
      payment.type = Type::atm;
      payment.way = Way::atm;
      payment.cents = -1000 * std::max<std::int64_t>(1, (cents(units) + 500) / 1000);
    } else if (spending == static_cast<std::uint8_t>(Spending::transfer)) {
      payment.type = Type::transfer;
      if (payment.way == Way::pos) payment.way = Way::branch;
    }
    drafts_.push_back(payment);
  }
}

void StatementMaker::add_anomaly(Person const& person, Standing const& standing, unsigned q) {
  auto const anomaly = anomaly_of(spec_, person, q);
  if (!anomaly) return;
  Dice dice(spec_.seed, Topic::anomaly_rows, person.ordinal, q);
  Transaction odd{.day = anomaly->day, .category = static_cast<std::uint8_t>(Spending::transfer)};
  if (anomaly->kind == AnomalyKind::large_transfer) {
    odd.type = Type::transfer;
    odd.way = Way::web;
    odd.cents = share_of(standing.income, 6 + 6 * dice.uniform());
    drafts_.push_back(odd);
  } else if (anomaly->kind == AnomalyKind::card_burst) {
    odd.way = Way::web;
    odd.category = static_cast<std::uint8_t>(Spending::electronics);
    for (auto n = 15 + dice.below(16); n > 0; --n) {
      odd.cents = -cents(20 + 70 * dice.uniform());
      drafts_.push_back(odd);
    }
  } else {
    odd.type = Type::atm;
    odd.way = Way::atm;
    odd.category = static_cast<std::uint8_t>(Spending::cash);
    odd.cents = -50000;
    for (auto n = 5 + dice.below(4); n > 0; --n) drafts_.push_back(odd);
  }
}

void StatementMaker::settle(Person const& person, Standing const& standing, unsigned q, Statement& out) {
  constexpr std::int64_t kLeastSaving = 5000, kSavingStep = 1000;  // cents
  auto const& season = seasons_[q];
  auto const start = std::max(season.first_day, person.since);
  order_.clear();
  for (std::size_t i = 0; i < drafts_.size(); ++i) {
    auto const& draft = drafts_[i];
    if (draft.day >= start)
      order_.push_back(static_cast<std::uint64_t>(draft.day - season.first_day) << 32 | i);
  }
  std::sort(order_.begin(), order_.end());

  Dice dice(spec_.seed, Topic::savings, person.ordinal, q);
  auto const level = month_end_level(person, standing);
  std::int64_t balance = out.opening;
  std::int64_t weighted = 0;  // cents times days
  auto next = order_.begin();
  std::int32_t today = start;
  out.transactions.clear();
  auto const book = [&](Transaction transaction) {
    weighted += balance * (transaction.day - today);
    today = transaction.day;
    balance += transaction.cents;
    transaction.balance = balance;
    out.transactions.push_back(transaction);
  };
  for (std::size_t m = 0; m < season.month_ends.size(); ++m) {
    auto const end = season.month_ends[m];
    auto const limit = static_cast<std::uint64_t>(end - season.first_day + 1) << 32;
    for (; next != order_.end() && *next < limit; ++next) {
      auto const& draft = drafts_[*next & 0xffffffff];
      bool const by_card = draft.type == Type::card;
      out.card += by_card ? 1 : 0;
      out.chosen += by_card || draft.type == Type::atm || draft.type == Type::transfer ? 1 : 0;
      book(draft);
    }
    auto const target = share_of(level, std::exp(0.12 * dice.normal()));
    auto const excess = balance - target;
    if (end > start && std::abs(excess) >= kLeastSaving) {
      book({.day = end,
            .cents = -(excess / kSavingStep) * kSavingStep,
            .type = Type::saving,
            .way = Way::mobile,
            .category = number(Category::saving)});
    }
    out.month_end[m] = balance;
  }
  weighted += balance * (season.month_ends[2] - today + 1);
  out.mean_balance = weighted / (season.month_ends[2] - start + 1);
}

}  // namespace tessera::generate
