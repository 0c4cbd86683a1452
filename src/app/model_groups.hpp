// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/io/result_reader.hpp"

#include <string>
#include <vector>

namespace tessera {

/// Local. The groups of the models in a result file by ascending k: "/model/3", "/model/8", "/model/12".
[[nodiscard]] std::vector<std::string> model_groups(ResultReader const& reader);

/// Local. The group that /model/selected links to.
[[nodiscard]] std::string selected_model(ResultReader const& reader);

}  // namespace tessera
