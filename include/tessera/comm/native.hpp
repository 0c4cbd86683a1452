// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/comm/communicator.hpp"

#include <mpi.h>

/// The MPI handle of a communicator, for libraries that want one (parallel HDF5).
namespace tessera {

/// Local.
[[nodiscard]] MPI_Comm native(Communicator const& comm) noexcept;

}  // namespace tessera
