// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/core/error.hpp"

/// Being asked to stop: by SIGTERM (Slurm's time limit, preemption), by SIGUSR1 (a warning sent ahead of it),
/// or by the clock.
namespace tessera {

/// Local. From now on these signals are noted instead of ending the process.
void note_stop_signals();

/// Local. Asks this rank to stop in so many seconds, at least one; there is one such clock.
void request_stop_in(unsigned seconds);

/// Local. Whether this rank has been asked to stop. The others learn of it at the next safe point.
[[nodiscard]] bool stop_requested() noexcept;

/// Local. Asks as a signal would.
void request_stop() noexcept;

/// Local. For loops that a rank goes through alone and that can be left anywhere: throws Interrupted where
/// this rank has been asked to stop.
void stop_if_asked();

/// Work ended early, as it was asked to (exit code 5): the job can be started again.
struct Interrupted : Error {
  Interrupted();
};

}  // namespace tessera
