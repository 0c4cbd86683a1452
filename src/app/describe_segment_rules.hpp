// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/io/result_reader.hpp"

#include <cstdint>
#include <string>

namespace tessera {

/// *Collective.* A paragraph for each segment that has rules of its own: what follows from what there more
/// often than in the rest of the base. Groups below `min_cell` customers are not told.
[[nodiscard]] std::string describe_segment_rules(ResultReader const& reader, std::int64_t min_cell);

}  // namespace tessera
