// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/generate/tables.hpp"

/// One pair of functions for each table.
namespace tessera::generate {

TableLayout const& customers_layout();
void write_customers(CustomerQuarter const& customer, TableWriter& out);
TableLayout const& transactions_layout();
void write_transactions(CustomerQuarter const& customer, TableWriter& out);
TableLayout const& accounts_layout();
void write_accounts(CustomerQuarter const& customer, TableWriter& out);
TableLayout const& dispositions_layout();
void write_dispositions(CustomerQuarter const& customer, TableWriter& out);
TableLayout const& holdings_layout();
void write_holdings(CustomerQuarter const& customer, TableWriter& out);
TableLayout const& credit_layout();
void write_credit(CustomerQuarter const& customer, TableWriter& out);
TableLayout const& snapshots_layout();
void write_snapshots(CustomerQuarter const& customer, TableWriter& out);

}  // namespace tessera::generate
