// SPDX-License-Identifier: Apache-2.0
#include "tessera/generate/dice.hpp"

#include "layouts.hpp"

namespace tessera::generate {

namespace {

constexpr double kForeign = 0.15;  // of customers with securities: an account in another currency
constexpr std::array<std::string_view, 3> kCurrencies{"USD", "GBP", "CHF"};

}  // namespace

TableLayout const& accounts_layout() {
  static TableLayout const layout{
      "accounts",
      "an account at the end of the quarter",
      {{"account_id", FieldType::text, kIdBytes, 0, false, "id of the account"},
       {"customer_id", FieldType::text, kIdBytes, 0, false, "the first owner"},
       {"type", FieldType::text, 7, 0, false, "current, savings or foreign"},
       {"opened", FieldType::date, 0, 0, false, "day of opening"},
       {"currency", FieldType::text, 3, 0, false, "of the balance"},
       {"balance", FieldType::decimal, 0, 2, false, "at the end of the quarter"}}};
  return layout;
}

void write_accounts(CustomerQuarter const& customer, TableWriter& out) {
  auto const& person = customer.person;
  auto const& standing = customer.standing;
  auto const row = [&](unsigned index, std::string_view type, std::string_view currency, std::int64_t cents) {
    out.id(kAccountLetter, current_account(person.ordinal) + index);
    out.id(kCustomerLetter, person.ordinal);
    out.text(type);
    out.date(person.since);
    out.text(currency);
    out.decimal(cents);
    out.end_row();
  };
  row(0, "current", "EUR", customer.statement.closing());
  Dice dice(customer.spec.seed, Topic::accounts, person.ordinal);
  double const savings = LogNormal{3.5, 0.9}.at(dice.normal(), 1.0);  // monthly incomes
  double const foreign = LogNormal{0.8, 1.1}.at(dice.normal(), 1.0);
  bool const has_foreign = dice.chance(kForeign);
  auto const currency = kCurrencies[dice.below(kCurrencies.size())];
  auto const incomes = [&](double count) {
    return static_cast<std::int64_t>(count * static_cast<double>(standing.income));
  };
  if (standing.chosen.products.has(Product::savings)) row(1, "savings", "EUR", incomes(savings));
  if (has_foreign && standing.chosen.products.has(Product::brokerage))
    row(2, "foreign", currency, incomes(foreign));
}

TableLayout const& dispositions_layout() {
  static TableLayout const layout{
      "dispositions",
      "a customer's right to a current account",
      {{"account_id", FieldType::text, kIdBytes, 0, false, "the account"},
       {"customer_id", FieldType::text, kIdBytes, 0, false, "who disposes of it"},
       {"role", FieldType::text, 5, 0, false, "owner, or joint: the second owner"}}};
  return layout;
}

void write_dispositions(CustomerQuarter const& customer, TableWriter& out) {
  auto const& person = customer.person;
  auto const row = [&](std::uint64_t who, std::string_view role) {
    out.id(kAccountLetter, current_account(person.ordinal));
    out.id(kCustomerLetter, who);
    out.text(role);
    out.end_row();
  };
  row(person.ordinal, "owner");
  bool const is_first_of_two = person.ordinal % 2 == 0;
  if (!person.joint_account || !is_first_of_two) return;
  auto const partner = person_at(customer.spec, person.ordinal + 1);
  if (course_of(customer.spec, partner).present(customer.q)) row(partner.ordinal, "joint");
}

}  // namespace tessera::generate
