// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/comm/agree.hpp"
#include "tessera/core/fault.hpp"
#include "tessera/core/stop.hpp"
#include "tessera/io/result_file.hpp"

#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "console.hpp"

/// The stages of a job: announced, timed, and open to planted failures. Where one begins, the job can be
/// stopped.
namespace tessera {

class Stages {
 public:
  explicit Stages(Communicator const& comm)
      : comm_(comm), console_(comm.rank() == 0 ? Console::Voice::speaking : Console::Voice::silent) {}

  /// *Collective.* Runs work(progress) as the stage `name` and returns its result. Throws Interrupted on
  /// every rank if any has been asked to stop.
  template <class Work>
  auto operator()(std::string_view name, Work&& work) {
    together(comm_, [&] {
      stop_if_asked();
      fail_if_planted(name, comm_.rank());
    });
    Running const running(*this, name);
    fail_if_planted(std::string(name) + " alone", comm_.rank());
    return std::forward<Work>(work)(static_cast<Progress&>(console_));
  }

  /// *Collective.* Seconds of each stage so far, the maximum over ranks.
  [[nodiscard]] std::vector<ResultFile::Timing> timings() const;

  [[nodiscard]] Console& console() noexcept { return console_; }

 private:
  using Clock = std::chrono::steady_clock;

  /// Notes the time of a stage whether it returns or throws.
  class Running {
   public:
    Running(Stages& stages, std::string_view name);
    ~Running();
    Running(Running const&) = delete;
    Running& operator=(Running const&) = delete;

   private:
    Stages& stages_;
    Clock::time_point start_ = Clock::now();
  };

  Communicator const& comm_;
  Console console_;
  std::vector<ResultFile::Timing> local_;
};

}  // namespace tessera
