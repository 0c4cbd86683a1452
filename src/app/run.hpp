// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "command.hpp"

namespace tessera {

struct RunRequest {
  std::string configuration;
  std::vector<std::string> overrides;
  Output output;        ///< the path replaces run.output when it is given
  bool resume = false;  ///< goes on from what an earlier run kept, if it kept something
};

/// *Collective.* The main job: from the tables of a configuration to segments, itemsets and rules in one
/// file.
void run(Communicator const& comm, RunRequest const& request);

}  // namespace tessera
