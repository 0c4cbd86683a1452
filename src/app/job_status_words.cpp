// SPDX-License-Identifier: Apache-2.0
#include <iterator>

#include "job_status.hpp"
#include "printable.hpp"
#include "with_unit.hpp"
#include <fmt/format.h>

namespace tessera {

namespace {

std::string label(std::string_view value) {
  std::string out;
  for (char const c : printable(value)) {
    if (c == '\\' || c == '"') out += '\\';
    out += c == '\n' ? std::string("\\n") : std::string(1, c);
  }
  return out;
}

std::string how_it_is(JobStatus const& s, double now) {
  if (s.state == JobStatus::State::done) return "done in " + as_duration(s.renewed - s.started);
  if (s.state != JobStatus::State::running) {
    return fmt::format("{} after {}, exit code {}{}\n{}",
                       s.state == JobStatus::State::interrupted ? "interrupted" : "failed",
                       as_duration(s.renewed - s.started), s.exit_code,
                       s.stage.empty() ? "" : fmt::format(", in stage {} ({})", s.stage_number, s.stage),
                       s.message);
  }
  std::string out = fmt::format("{} for {}", is_stale(s, now) ? "STALE: was running" : "running",
                                as_duration(s.renewed - s.started));
  if (is_stale(s, now)) {
    out += fmt::format(
        "\nno sign of life for {}, though it should give one every {:.0f} s: it ended without a word, or "
        "cannot write here",
        as_duration(now - s.renewed), s.renew_seconds);
  }
  if (s.stage.empty()) return out;
  out += fmt::format("\nstage {}: {} for {}", s.stage_number, s.stage, as_duration(s.stage_seconds));
  if (s.share) out += fmt::format(", {:.0f} %", 100 * *s.share);
  if (s.rate) out += ", " + with_unit(*s.rate, "/s");
  if (s.seconds_left) out += fmt::format(", {} left", as_duration(*s.seconds_left));
  if (!s.detail.empty()) out += ", " + s.detail;
  return out;
}

}  // namespace

std::string in_words(JobStatus const& s, double now) {
  std::string out = fmt::format("tessera {}", s.command);
  if (!s.name.empty()) out += fmt::format(" '{}'", s.name);
  if (!s.slurm_job.empty()) out += fmt::format(", job {}", s.slurm_job);
  if (s.restarts > 0) out += fmt::format(", restart {}", s.restarts);
  out += fmt::format(", {} ranks, process {} on {}\n", s.ranks, s.pid, s.host);
  out += how_it_is(s, now) + "\n";
  out += fmt::format("memory of the largest rank: {}\n", with_unit(static_cast<double>(s.memory_bytes), "B"));
  return printable(out);
}

std::string to_prometheus(JobStatus const& s) {
  std::string out;
  auto const job = fmt::format("name=\"{}\",slurm_job=\"{}\"", label(s.name), label(s.slurm_job));
  auto const gauge = [&](std::string_view name, std::string_view help, double value,
                         std::string const& more = "") {
    fmt::format_to(std::back_inserter(out),
                   "# HELP tessera_{0} {1}\n# TYPE tessera_{0} gauge\ntessera_{0}{{{2}{3}}} {4}\n", name,
                   help, job, more, value);
  };
  bool const running = s.state == JobStatus::State::running;
  gauge("job_running", "1 while the job runs.", running ? 1 : 0);
  if (!running) gauge("job_exit_code", "How the job ended; 0: well.", static_cast<double>(s.exit_code));
  gauge("job_start_time_seconds", "Unix time.", s.started);
  gauge("job_renewed_time_seconds", "Unix time when this was written.", s.renewed);
  gauge("job_ranks", "Ranks of the job.", static_cast<double>(s.ranks));
  gauge("job_restarts", "How often Slurm has started it again.", static_cast<double>(s.restarts));
  gauge("job_peak_memory_bytes", "High-water mark of the largest rank.", static_cast<double>(s.memory_bytes));
  auto const stage = fmt::format(",stage=\"{}\"", label(s.stage));
  if (s.stage.empty()) return out;
  gauge("stage_number", "Stage that runs or was the last, from 1.", static_cast<double>(s.stage_number),
        stage);
  gauge("stage_seconds", "Time in the stage.", s.stage_seconds, stage);
  if (s.share) gauge("stage_done_ratio", "Share of the stage that is done.", *s.share, stage);
  return out;
}

}  // namespace tessera
