// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/io/result_reader.hpp"

#include <string>

namespace tessera {

/// *Collective.* What /quality says in a few lines: rows, the columns that lack most, what was changed,
/// drift.
[[nodiscard]] std::string describe_quality(ResultReader const& reader);

}  // namespace tessera
