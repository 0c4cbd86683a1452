// SPDX-License-Identifier: Apache-2.0
#include "tessera/generate/tables.hpp"

#include <array>

#include "layouts.hpp"

namespace tessera::generate {

std::span<Table const> tables() {
  static constexpr std::array<Table, 7> kTables{{
      {customers_layout, write_customers},
      {accounts_layout, write_accounts},
      {dispositions_layout, write_dispositions},
      {transactions_layout, write_transactions},
      {holdings_layout, write_holdings},
      {credit_layout, write_credit},
      {snapshots_layout, write_snapshots},
  }};
  return kTables;
}

}  // namespace tessera::generate
