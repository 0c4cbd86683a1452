// SPDX-License-Identifier: Apache-2.0
#include "tessera/comm/traffic.hpp"

#include "state.hpp"

namespace tessera {

Traffic traffic_so_far(Communicator const& comm) noexcept {
  return comm.state().meter->traffic;
}

}  // namespace tessera
