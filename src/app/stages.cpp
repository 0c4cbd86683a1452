// SPDX-License-Identifier: Apache-2.0
#include "stages.hpp"

#include "tessera/comm/collectives.hpp"

#include <exception>

namespace tessera {

Stages::Running::Running(Stages& stages, std::string_view name) : stages_(stages) {
  stages.local_.push_back({std::string(name), 0.0});
  stages.console_.begin(name);
}

Stages::Running::~Running() {
  auto& seconds = stages_.local_.back().seconds;
  seconds = std::chrono::duration<double>(Clock::now() - start_).count();
  if (std::uncaught_exceptions() == 0) stages_.console_.end(seconds);
}

std::vector<ResultFile::Timing> Stages::timings() const {
  auto timings = local_;
  std::vector<double> seconds;
  for (auto const& timing : timings) seconds.push_back(timing.seconds);
  all_reduce(comm_, std::span(seconds), Reduce::maximum);
  for (std::size_t i = 0; i < timings.size(); ++i) timings[i].seconds = seconds[i];
  return timings;
}

}  // namespace tessera
