// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/generate/bank.hpp"

#include <string>

namespace tessera {

/// Local. A configuration that segments the customers of the bank's last quarter by the columns of their
/// table.
[[nodiscard]] std::string segments_configuration(generate::BankSpec const& bank,
                                                 generate::BankFiles const& files);
/// Local. The same by aggregates of the other tables: transactions and credit.
[[nodiscard]] std::string features_configuration(generate::BankSpec const& bank,
                                                 generate::BankFiles const& files);

}  // namespace tessera
