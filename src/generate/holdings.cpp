// SPDX-License-Identifier: Apache-2.0
#include "tessera/generate/contracts.hpp"

#include "layouts.hpp"

namespace tessera::generate {

TableLayout const& holdings_layout() {
  static TableLayout const layout{
      "holdings",
      "a contract that runs at the end of the quarter",
      {{"customer_id", FieldType::text, kIdBytes, 0, false, "the customer"},
       {"product", FieldType::text, 18, 0, false, "what was bought"},
       {"opened", FieldType::date, 0, 0, false, "first day of the running term"},
       {"term_months", FieldType::integer, 0, 0, true, "months of the term; missing: open-ended"},
       {"amount", FieldType::decimal, 0, 2, false,
        "currency units: balance, loan, limit, or a year's premium"},
       {"maturity", FieldType::date, 0, 0, true, "last day of the term; missing: open-ended"},
       {"rolled_over", FieldType::integer, 0, 0, false, "how often the term was renewed"}}};
  return layout;
}

void write_holdings(CustomerQuarter const& customer, TableWriter& out) {
  for (auto const& contract :
       contracts_of(customer.spec, customer.person, customer.course, customer.standing, customer.q)) {
    out.id(kCustomerLetter, customer.person.ordinal);
    out.text(kProductNames[static_cast<std::size_t>(contract.product)]);
    out.date(contract.opened);
    contract.months ? out.integer(*contract.months) : out.missing();
    out.decimal(contract.amount);
    contract.months ? out.date(contract.maturity) : out.missing();
    out.integer(contract.rolled_over);
    out.end_row();
  }
}

}  // namespace tessera::generate
