// SPDX-License-Identifier: Apache-2.0
#include "tessera/generate/credit_line.hpp"

#include "layouts.hpp"

namespace tessera::generate {

TableLayout const& credit_layout() {
  static TableLayout const layout{
      "credit",
      "a month of a customer who has a credit card or a loan",
      {{"customer_id", FieldType::text, kIdBytes, 0, false, "the customer"},
       {"month", FieldType::date, 0, 0, false, "its last day"},
       {"limit", FieldType::decimal, 0, 2, false, "credit limit, currency units"},
       {"used", FieldType::decimal, 0, 2, false, "in use at the month's end, currency units"},
       {"days_past_due", FieldType::integer, 0, 0, false, "of the oldest instalment due"},
       {"arrears", FieldType::integer, 0, 0, false, "instalments missed in the last twelve months"}}};
  return layout;
}

void write_credit(CustomerQuarter const& customer, TableWriter& out) {
  if (customer.standing.limit == 0) return;
  auto const months = credit_of(customer.spec, customer.person, customer.standing, customer.q);
  auto const ends = customer.quarter.month_ends();
  for (std::size_t m = 0; m < months.size(); ++m) {
    if (ends[m] < customer.person.since) continue;
    out.id(kCustomerLetter, customer.person.ordinal);
    out.date(ends[m]);
    out.decimal(customer.standing.limit);
    out.decimal(months[m].used);
    out.integer(months[m].days_past_due);
    out.integer(months[m].arrears);
    out.end_row();
  }
}

}  // namespace tessera::generate
