// SPDX-License-Identifier: Apache-2.0
#pragma once

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

struct CommunicatorState {
  boost::mpi::communicator mpi;
  std::size_t message_limit = kDefaultMessageLimit;
  std::shared_ptr<Agreement> agreement = std::make_shared<Agreement>();  ///< shared by all copies
};

}  // namespace tessera::detail
