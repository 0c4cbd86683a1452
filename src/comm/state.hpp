// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include <boost/mpi/communicator.hpp>

namespace tessera::detail {

/// Messages above 2 GiB break MPI's int counts; 1 GiB keeps a margin.
inline constexpr std::size_t kDefaultMessageLimit = std::size_t{1} << 30;

struct CommunicatorState {
  boost::mpi::communicator mpi;
  std::size_t message_limit = kDefaultMessageLimit;
};

}  // namespace tessera::detail
