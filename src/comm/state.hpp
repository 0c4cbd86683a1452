// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/comm/traffic.hpp"

#include <cstddef>
#include <memory>

#include <boost/mpi/communicator.hpp>

namespace tessera::detail {

/// Messages above 2 GiB break MPI's int counts; 1 GiB keeps a margin.
inline constexpr std::size_t kDefaultMessageLimit = std::size_t{1} << 30;

/// The failure that the ranks agreed on last: it lives as long as the exception that carries it.
struct Agreement {
  std::weak_ptr<void const> failure;
};

/// What this rank's calls have cost so far.
struct Meter {
  Traffic traffic;
  int depth = 0;  ///< of calls inside calls
};

struct CommunicatorState {
  boost::mpi::communicator mpi;
  std::size_t message_limit = kDefaultMessageLimit;
  std::shared_ptr<Agreement> agreement = std::make_shared<Agreement>();  ///< shared by all copies
  std::shared_ptr<Meter> meter = std::make_shared<Meter>();              ///< shared by all copies
};

}  // namespace tessera::detail
