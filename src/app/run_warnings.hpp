// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/app/configuration.hpp"

#include <string>
#include <vector>

#include "findings.hpp"

namespace tessera {

/// Local; the same on every rank. What a run has to warn of in the end.
[[nodiscard]] std::vector<std::string> run_warnings(Configuration const& configuration,
                                                    Findings const& found);

}  // namespace tessera
