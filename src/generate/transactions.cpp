// SPDX-License-Identifier: Apache-2.0
#include "layouts.hpp"

namespace tessera::generate {

TableLayout const& transactions_layout() {
  static TableLayout const layout{
      "transactions",
      "a transaction of a current account; a customer's in the order of time",
      {{"customer_id", FieldType::text, kIdBytes, 0, false, "the account's first owner"},
       {"account_id", FieldType::text, kIdBytes, 0, false, "the account"},
       {"date", FieldType::date, 0, 0, false, "day of booking"},
       {"amount", FieldType::decimal, 0, 2, false, "currency units; negative: money leaves the account"},
       {"type", FieldType::text, 14, 0, false, "kind of transaction"},
       {"channel", FieldType::text, 6, 0, false, "how it was made"},
       {"category", FieldType::text, 13, 0, false, "what it was for"},
       {"balance", FieldType::decimal, 0, 2, false, "of the account, after it"}}};
  return layout;
}

void write_transactions(CustomerQuarter const& customer, TableWriter& out) {
  auto const ordinal = customer.person.ordinal;
  for (auto const& transaction : customer.statement.transactions) {
    out.id(kCustomerLetter, ordinal);
    out.id(kAccountLetter, current_account(ordinal));
    out.date(transaction.day);
    out.decimal(transaction.cents);
    out.text(kTypeNames[static_cast<std::size_t>(transaction.type)]);
    out.text(kWayNames[static_cast<std::size_t>(transaction.way)]);
    out.text(category_name(transaction.category));
    out.decimal(transaction.balance);
    out.end_row();
  }
}

}  // namespace tessera::generate
