// SPDX-License-Identifier: Apache-2.0
#include "tessera/generate/tables.hpp"

#include <array>

#include "layouts.hpp"

namespace tessera::generate {

std::span<Table const> tables() {
  static constexpr std::array<Table, 2> kTables{{
      {customers_layout, write_customers},
      {transactions_layout, write_transactions},
  }};
  return kTables;
}

}  // namespace tessera::generate
