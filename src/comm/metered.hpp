// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/comm/communicator.hpp"
#include "tessera/comm/traffic.hpp"

#include <chrono>
#include <cstdint>

#include "state.hpp"

namespace tessera::detail {

/// Counts a call that communicates, for as long as it lives. A call made of others is counted once, as the
/// outermost.
class Metered {
 public:
  /// `bytes` this rank gives for others; `size` the bytes that decide what kind of call this is, the same on
  /// all ranks where that can be had.
  Metered(Communicator const& comm, std::uint64_t bytes, std::uint64_t size)
      : meter_(*comm.state().meter), few_(size <= Traffic::kFewBytes) {
    if (meter_.depth++ > 0) return;
    ++meter_.traffic.calls;
    if (comm.size() > 1) meter_.traffic.bytes += bytes;
    start_ = Clock::now();
  }
  /// A call that only waits.
  explicit Metered(Communicator const& comm) : Metered(comm, 0, 0) {}
  ~Metered() {
    if (--meter_.depth > 0) return;
    double const seconds = std::chrono::duration<double>(Clock::now() - start_).count();
    (few_ ? meter_.traffic.waiting_seconds : meter_.traffic.moving_seconds) += seconds;
  }
  Metered(Metered const&) = delete;
  Metered& operator=(Metered const&) = delete;

 private:
  using Clock = std::chrono::steady_clock;
  Meter& meter_;
  bool few_;
  Clock::time_point start_{};
};

}  // namespace tessera::detail
