// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include "layouts.hpp"

namespace tessera::generate {

namespace {

constexpr std::array<std::string_view, kRegions> kRegionNames{
    "north",  "south",    "east",     "west",    "coast", "lakes",  "hills",
    "valley", "highland", "lowlands", "islands", "river", "plains", "capital"};

TableLayout make_layout() {
  TableLayout layout{"customers", "a customer at the end of the quarter", {}};
  auto const text = [&](std::string name, std::uint32_t width, bool optional, std::string meaning) {
    layout.fields.push_back({std::move(name), FieldType::text, width, 0, optional, std::move(meaning)});
  };
  auto const integer = [&](std::string name, bool optional, std::string meaning) {
    layout.fields.push_back({std::move(name), FieldType::integer, 0, 0, optional, std::move(meaning)});
  };
  auto const decimal = [&](std::string name, std::uint32_t digits, std::string meaning) {
    layout.fields.push_back({std::move(name), FieldType::decimal, 0, digits, false, std::move(meaning)});
  };
  text("customer_id", kIdBytes, false, "id of the customer");
  layout.fields.push_back({"birth_date", FieldType::date, 0, 0, false, "day of birth"});
  text("sex", 1, false, "F or M");
  text("region", 8, false, "where the branch is");
  text("branch", 5, false, "branch that keeps the accounts");
  layout.fields.push_back({"since", FieldType::date, 0, 0, false, "day of the first contract"});
  text("job", 12, false, "occupation");
  text("education", 10, true, "highest education");
  text("marital", 8, true, "marital status");
  integer("income", true, "net income a month, currency units");
  text("channel_pref", 6, false, "channel that the customer prefers");
  text("consent", 3, false, "yes: may be contacted");
  decimal("balance_avg", 2, "mean balance of the current account at the ends of the quarter's days");
  integer("transactions", false, "transactions of the current account in the quarter");
  integer("logins_90d", false, "logins to web and mobile banking in the quarter");
  decimal("card_share", 4, "payments by card as a share of payments by card, in cash and by transfer");
  decimal("utilisation", 4, "share of the credit limit in use; 0 without credit");
  integer("products", false, "products that the customer holds, besides the current account");
  for (auto const& name : kProductNames) text(std::string(name), 3, false, "yes: the customer holds it");
  return layout;
}

}  // namespace

TableLayout const& customers_layout() {
  static TableLayout const layout = make_layout();
  return layout;
}

void write_customers(CustomerQuarter const& customer, TableWriter& out) {
  auto const& person = customer.person;
  auto const& standing = customer.standing;
  auto const& statement = customer.statement;
  auto const yes_no = [](bool yes) { return yes ? std::string_view("yes") : std::string_view("no"); };
  auto const or_missing = [&](bool known, std::string_view text) { known ? out.text(text) : out.missing(); };
  auto const share = [](double value) { return static_cast<std::int64_t>(std::floor(1e4 * value + 0.5)); };
  out.id(kCustomerLetter, person.ordinal);
  out.date(person.birth_day);
  out.text(person.woman ? "F" : "M");
  out.text(kRegionNames[person.region]);
  out.id('B', person.branch);
  out.date(person.since);
  out.text(kJobNames[static_cast<std::size_t>(standing.chosen.job)]);
  or_missing(person.tells_education, kEducationNames[person.education]);
  or_missing(person.tells_marital, kMaritalNames[person.marital]);
  person.tells_income ? out.integer(standing.income / 100) : out.missing();
  out.text(kChannelNames[static_cast<std::size_t>(standing.chosen.preferred)]);
  out.text(yes_no(person.consents));
  out.decimal(statement.mean_balance);
  out.integer(static_cast<std::int64_t>(statement.transactions.size()));
  out.integer(standing.logins);
  out.decimal(statement.chosen == 0
                  ? 0
                  : share(static_cast<double>(statement.card) / static_cast<double>(statement.chosen)));
  out.decimal(share(standing.utilisation));
  out.integer(standing.chosen.products.size());
  for (std::size_t p = 0; p < kProducts; ++p)
    out.text(yes_no(standing.chosen.products.has(static_cast<Product>(p))));
  out.end_row();
}

}  // namespace tessera::generate
