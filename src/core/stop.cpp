// SPDX-License-Identifier: Apache-2.0
#include "tessera/core/stop.hpp"

#include <algorithm>
#include <csignal>

#include <unistd.h>

namespace tessera {

namespace {

volatile std::sig_atomic_t stop = 0;

extern "C" void note_signal(int /*signal*/) {
  stop = 1;
}

void note(int signal) {
  struct sigaction action {};
  action.sa_handler = note_signal;
  action.sa_flags = SA_RESTART;
  sigemptyset(&action.sa_mask);
  sigaction(signal, &action, nullptr);
}

}  // namespace

void note_stop_signals() {
  note(SIGTERM);
  note(SIGUSR1);
}

void request_stop_in(unsigned seconds) {
  note(SIGALRM);
  alarm(std::max(1U, seconds));
}

bool stop_requested() noexcept {
  return stop != 0;
}

void request_stop() noexcept {
  stop = 1;
}

void stop_if_asked() {
  if (stop_requested()) throw Interrupted();
}

Interrupted::Interrupted()
    : Error(ExitCode::interrupted, "stopped before the end, as asked",
            "a signal came, or the job's time is nearly up",
            "start the same command again with --resume: it goes on from what run.checkpoint_dir holds") {}

}  // namespace tessera
