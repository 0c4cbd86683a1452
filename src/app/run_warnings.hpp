// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/app/configuration.hpp"

#include <string>
#include <vector>

#include "findings.hpp"

namespace tessera {

/// Local; the same on every rank. What a run has to warn of in the end, what there was to say of other tables
/// included.
[[nodiscard]] std::vector<std::string> run_warnings(Configuration const& configuration,
                                                    std::vector<std::string> const& of_tables,
                                                    Findings const& found);

}  // namespace tessera
