// SPDX-License-Identifier: Apache-2.0
#include "stages.hpp"

#include "tessera/comm/collectives.hpp"
#include "tessera/core/stop.hpp"

#include <exception>

#include "peak_memory.hpp"

namespace tessera {

namespace {

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace

Stages::Running::Running(Stages& stages, std::string_view name)
    : stages_(stages), before_(traffic_so_far(stages.comm_)) {
  stages.records_.push_back({std::string(name), 0.0, {}, 0});
  stages.console_.begin(name);
}

Stages::Running::~Running() {
  auto& record = stages_.records_.back();
  record.seconds = seconds_since(start_);
  record.traffic = traffic_so_far(stages_.comm_) - before_;
  record.peak_memory = peak_memory_bytes();
  if (std::uncaught_exceptions() == 0) stages_.console_.end(record.seconds);
}

template <class Meeting>
void Stages::close_last(Meeting&& meeting) {
  auto const start = Clock::now();
  auto const before = traffic_so_far(comm_);
  std::forward<Meeting>(meeting)();
  if (records_.empty()) return;
  records_.back().seconds += seconds_since(start);
  records_.back().traffic += traffic_so_far(comm_) - before;
}

void Stages::open(std::string_view name) {
  close_last([&] {
    together(comm_, [&] {
      stop_if_asked();
      fail_if_planted(name, comm_.rank());
    });
  });
  console_.memory(all_reduce(comm_, peak_memory_bytes(), Reduce::maximum));
}

std::vector<StageRecord> const& Stages::records() {
  close_last([&] { barrier(comm_); });
  return records_;
}

}  // namespace tessera
