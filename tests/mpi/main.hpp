// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/comm/communicator.hpp"

namespace tessera::test {

/// All ranks of the test run.
Communicator const& world();

}  // namespace tessera::test
