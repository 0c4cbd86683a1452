// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/app/configuration.hpp"
#include "tessera/comm/agree.hpp"
#include "tessera/comm/communicator.hpp"
#include "tessera/core/error.hpp"

#include <condition_variable>
#include <exception>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

#include "job_status.hpp"
#include "pace.hpp"
#include "replaced_file.hpp"

/// Tells programs how a job is doing. In run.status_dir: status.json, replaced every few seconds by a thread
/// of rank 0, so that it also says that the job is alive where a stage tells nothing for long; log.jsonl, a
/// line an event, to which every try of the job adds. And run.prometheus_file. Without either, nothing.
namespace tessera {

class StatusWriter {
 public:
  /// *Collective.* Throws ConfigurationError when nothing can be written there.
  StatusWriter(Communicator const& comm, RunSection const& run, std::string_view command);
  ~StatusWriter();
  StatusWriter(StatusWriter const&) = delete;
  StatusWriter& operator=(StatusWriter const&) = delete;

  /// *Collective.* Does the job and says how it ended. Where one rank fails alone, that rank says so.
  template <class Work>
  void during(Work&& work) {
    bool alone = false;
    try {
      WhetherAlone const witness(comm_, alone);
      std::forward<Work>(work)();
    } catch (...) {
      auto const error = as_error(std::current_exception());
      if (speaks() || alone) ended(error.code(), error.what_is_wrong());
      throw;
    }
    if (speaks()) ended(ExitCode::ok, "");
  }

  // Local, all of them: what happens to this rank.
  void begin(std::string_view stage);
  void update(double done, double total, std::string_view detail);
  void end(double seconds);
  /// `level` is "note" or "warning".
  void log(std::string_view level, std::string_view text);
  /// High-water mark of the rank with the most.
  void memory(std::uint64_t bytes);
  /// Why nothing can be written any more; once.
  [[nodiscard]] std::optional<std::string> trouble();

 private:
  /// Looks, while an exception passes, whether other ranks know of it.
  class WhetherAlone {
   public:
    WhetherAlone(Communicator const& comm, bool& alone) : comm_(comm), alone_(alone) {}
    ~WhetherAlone() { alone_ = fails_alone(comm_); }
    WhetherAlone(WhetherAlone const&) = delete;
    WhetherAlone& operator=(WhetherAlone const&) = delete;

   private:
    Communicator const& comm_;
    bool& alone_;
  };

  [[nodiscard]] bool speaks() const noexcept { return comm_.rank() == 0; }
  [[nodiscard]] bool is_wanted() const noexcept { return !folder_.empty() || !metrics_.path().empty(); }
  void open();
  void renew_till_the_end();
  void renew();
  void ended(ExitCode code, std::string const& message);
  void stop_renewing();
  void append(std::string const& line);

  Communicator const& comm_;
  std::string folder_;
  ReplacedFile file_, metrics_;
  int log_ = -1;

  std::mutex mutex_;  ///< of what follows
  JobStatus status_;
  Pace pace_;
  double stage_began_ = 0;
  std::optional<std::string> trouble_;
  bool told_trouble_ = false, over_ = false;
  std::condition_variable wake_;
  std::thread renewing_;
};

}  // namespace tessera
