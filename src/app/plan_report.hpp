// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "plan_model.hpp"

namespace tessera::plan {

/// Local. A prediction for people, in a page.
[[nodiscard]] std::string describe(Workload const& workload, Layout const& layout, Machine const& machine,
                                   Prediction const& prediction);

/// Local. The same for programs: one JSON object, numbers in bytes and seconds.
[[nodiscard]] std::string to_json(Workload const& workload, Layout const& layout,
                                  Prediction const& prediction);

/// Local. What to mind before submitting; empty where all is well.
[[nodiscard]] std::vector<std::string> warnings(Workload const& workload, Layout const& layout,
                                                Machine const& machine, Prediction const& prediction);

}  // namespace tessera::plan
