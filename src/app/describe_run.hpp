// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/io/result_reader.hpp"

#include <string>

namespace tessera {

/// *Collective.* A page of text about a result file: what was run, the segments and what distinguishes them,
/// the strongest rules, and how long it took. Counts below the run's smallest cell are left out.
[[nodiscard]] std::string describe_run(ResultReader const& reader);

}  // namespace tessera
