// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/comm/communicator.hpp"

#include <string>

#include "plan_machine.hpp"

namespace tessera::plan {

/// *Collective.* The machine that a file describes, which rank 0 reads; without a path the values of
/// jobs/machines/generic.env. Throws ConfigurationError where it cannot be read or understood.
[[nodiscard]] Machine load_machine(Communicator const& comm, std::string const& path);

}  // namespace tessera::plan
