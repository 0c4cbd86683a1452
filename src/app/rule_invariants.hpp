// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/comm/communicator.hpp"
#include "tessera/io/result_reader.hpp"

#include <vector>

#include "invariants.hpp"

namespace tessera {

/// *Collective.* Checks of /rules, which the file has, each rank its share, and of /rules/segments.
void check_rules(Communicator const& comm, ResultReader const& reader, std::vector<Check>& checks);

}  // namespace tessera
