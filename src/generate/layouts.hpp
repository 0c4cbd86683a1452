// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/generate/tables.hpp"

/// One pair of functions for each table.
namespace tessera::generate {

TableLayout const& customers_layout();
void write_customers(CustomerQuarter const& customer, TableWriter& out);
TableLayout const& transactions_layout();
void write_transactions(CustomerQuarter const& customer, TableWriter& out);

}  // namespace tessera::generate
