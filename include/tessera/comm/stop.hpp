// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/comm/communicator.hpp"

namespace tessera {

/// *Collective.* Throws Interrupted on every rank if any has been asked to stop (tessera/core/stop.hpp).
void stop_together_if_asked(Communicator const& comm);

}  // namespace tessera
