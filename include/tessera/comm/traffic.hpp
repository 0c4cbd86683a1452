// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/comm/communicator.hpp"

#include <cstdint>

/// What a rank has spent on the others: seconds inside communication and bytes given to it. Nothing is sent
/// to find out; a call costs two readings of the clock. Time in parallel files is not in it.
namespace tessera {

struct Traffic {
  /// Seconds in barriers and in calls of at most kFewBytes: agreements, counts, turns. There is next to
  /// nothing to move, so a rank is in them because others are late.
  double waiting_seconds = 0;
  /// Seconds in all other calls: moving data, and waiting where no small call stands before the large one.
  double moving_seconds = 0;
  /// Bytes that this rank gave to calls for other ranks, each call counted once however many get them; what
  /// the network carries depends on MPI's algorithms.
  std::uint64_t bytes = 0;
  std::uint64_t calls = 0;

  static constexpr std::uint64_t kFewBytes = 256;

  Traffic& operator+=(Traffic const& more) {
    waiting_seconds += more.waiting_seconds;
    moving_seconds += more.moving_seconds;
    bytes += more.bytes;
    calls += more.calls;
    return *this;
  }
  friend Traffic operator-(Traffic const& later, Traffic const& earlier) {
    return {later.waiting_seconds - earlier.waiting_seconds, later.moving_seconds - earlier.moving_seconds,
            later.bytes - earlier.bytes, later.calls - earlier.calls};
  }
};

/// Local. Of this rank in this communicator and its copies, since the communicator was made.
[[nodiscard]] Traffic traffic_so_far(Communicator const& comm) noexcept;

}  // namespace tessera
