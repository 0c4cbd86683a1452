// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/core/error.hpp"
#include "tessera/io/result_reader.hpp"

#include <string>

namespace tessera {

/// Local. What to throw where the parts of a result file contradict each other.
[[nodiscard]] inline InputError inconsistent(ResultReader const& reader, std::string const& what) {
  return {reader.path() + ": " + what, "its parts do not fit each other",
          "run `tessera verify`, restore the file or run the job again"};
}

}  // namespace tessera
