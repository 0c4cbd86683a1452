// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/comm/communicator.hpp"

#include <string>
#include <vector>

#include "console.hpp"
#include "plan_machine.hpp"

/// Measures a machine in under a minute, with the parts of Tessera that its plans are about.
namespace tessera::plan {

/// What was measured, and in words what was not.
struct Measurement {
  Machine machine;
  std::vector<std::string> notes;
};

/// *Collective.* Start one rank a core of one node, or one rank a node to measure the network. Rates that
/// this shape cannot show keep the values of `base`. Takes about 1 GB on each rank.
[[nodiscard]] Measurement measure_machine(Communicator const& comm, Machine const& base, Console& console);

}  // namespace tessera::plan
