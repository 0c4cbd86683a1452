// SPDX-License-Identifier: Apache-2.0
#include "tessera/comm/stop.hpp"

#include "tessera/comm/agree.hpp"
#include "tessera/core/stop.hpp"

namespace tessera {

void stop_together_if_asked(Communicator const& comm) {
  together(comm, stop_if_asked);
}

}  // namespace tessera
