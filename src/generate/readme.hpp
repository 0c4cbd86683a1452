// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/generate/bank.hpp"

#include <string>

namespace tessera::generate {

/// Local. The README of a bank: its specification, tables with their columns and rows, and what was planted.
[[nodiscard]] std::string readme_of(BankSpec const& spec, BankFiles const& files,
                                    std::vector<TableTotal> const& totals);

}  // namespace tessera::generate
