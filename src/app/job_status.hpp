// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// How a job is doing, as status.json says it: who runs where, which stage, how far, and how it ended.
namespace tessera {

struct JobStatus {
  enum class State { running, done, interrupted, failed };

  std::string command, name, version, host, slurm_job;
  std::uint64_t pid = 0, ranks = 0, restarts = 0;
  State state = State::running;
  std::uint64_t exit_code = 0;     ///< of a job that has ended
  std::string message;             ///< what is wrong, if it failed
  double started = 0;              ///< Unix time
  double renewed = 0;              ///< Unix time
  double renew_seconds = 0;        ///< how often it is renewed while the job runs
  std::string stage;               ///< empty before the first
  std::uint64_t stage_number = 0;  ///< from 1
  double stage_seconds = 0;
  std::optional<double> share, rate, seconds_left;  ///< of the stage: 0 to 1, units a second, seconds
  std::string detail;
  std::uint64_t memory_bytes = 0;  ///< high-water mark of the rank with the most
};

/// Local. One flat JSON object, a member a line.
[[nodiscard]] std::string to_json(JobStatus const& status);
/// Local. The reverse. Throws InputError that names `origin` when the text is no status.
[[nodiscard]] JobStatus job_status_of(std::string_view text, std::string const& origin);

/// Local. In Prometheus' text format, for a collector of files.
[[nodiscard]] std::string to_prometheus(JobStatus const& status);

/// Local. Whether a job that should be running has not said so for long at `now` (Unix time): its process is
/// gone without a word, or the folder cannot be reached from there.
[[nodiscard]] bool is_stale(JobStatus const& status, double now) noexcept;

/// Local. A few lines for people.
[[nodiscard]] std::string in_words(JobStatus const& status, double now);

}  // namespace tessera
