// SPDX-License-Identifier: Apache-2.0
#include "layouts.hpp"

namespace tessera::generate {

TableLayout const& snapshots_layout() {
  static TableLayout const layout{
      "snapshots",
      "a customer at the end of a month",
      {{"customer_id", FieldType::text, kIdBytes, 0, false, "the customer"},
       {"month", FieldType::date, 0, 0, false, "its last day"},
       {"balance", FieldType::decimal, 0, 2, false, "of the current account, currency units"}}};
  return layout;
}

void write_snapshots(CustomerQuarter const& customer, TableWriter& out) {
  auto const ends = customer.quarter.month_ends();
  for (std::size_t m = 0; m < ends.size(); ++m) {
    if (ends[m] < customer.person.since) continue;
    out.id(kCustomerLetter, customer.person.ordinal);
    out.date(ends[m]);
    out.decimal(customer.statement.month_end[m]);
    out.end_row();
  }
}

}  // namespace tessera::generate
