// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/comm/agree.hpp"
#include "tessera/core/fault.hpp"

#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "console.hpp"
#include "status_writer.hpp"
#include "telemetry.hpp"

/// The stages of a job: announced, timed, and open to planted failures. Where one begins, the job can be
/// stopped.
namespace tessera {

class Stages {
 public:
  /// `status` may be null; it outlives this.
  explicit Stages(Communicator const& comm, StatusWriter* status = nullptr)
      : comm_(comm), console_(comm.rank() == 0 ? Console::Voice::speaking : Console::Voice::silent, status) {}

  /// *Collective.* Runs work(progress) as the stage `name` and returns its result. Throws Interrupted on
  /// every rank if any has been asked to stop.
  template <class Work>
  auto operator()(std::string_view name, Work&& work) {
    open(name);
    Running const running(*this, name);
    fail_if_planted(std::string(name) + " alone", comm_.rank());
    return std::forward<Work>(work)(static_cast<Progress&>(console_));
  }

  /// *Collective.* The stages so far on this rank, when all ranks are through with them.
  [[nodiscard]] std::vector<StageRecord> const& records();

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
    Traffic before_;
    Clock::time_point start_ = Clock::now();
  };

  /// *Collective.* All ranks are there, and none is to stop.
  void open(std::string_view name);
  /// *Collective.* Does what ranks meet in after a stage; what they wait there is the stage's.
  template <class Meeting>
  void close_last(Meeting&& meeting);

  Communicator const& comm_;
  Console console_;
  std::vector<StageRecord> records_;
};

}  // namespace tessera
