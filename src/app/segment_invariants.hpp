// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/comm/communicator.hpp"
#include "tessera/io/result_reader.hpp"

#include <vector>

#include "invariants.hpp"

namespace tessera {

/// *Collective.* Checks of /customers and /model, which the file has; weighted customers, the cosine distance
/// and the precision of the models are known from it.
void check_segments(Communicator const& comm, ResultReader const& reader, std::vector<Check>& checks);

}  // namespace tessera
