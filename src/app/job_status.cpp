// SPDX-License-Identifier: Apache-2.0
#include "job_status.hpp"

#include "tessera/core/error.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <ctime>
#include <map>

#include "flat_json.hpp"
#include <fmt/chrono.h>
#include <fmt/format.h>

namespace tessera {

namespace {

constexpr std::array<std::string_view, 4> kStates{"running", "done", "interrupted", "failed"};

std::string_view name_of_state(JobStatus const& status) {
  return kStates[static_cast<std::size_t>(status.state)];
}

std::string utc(double unix_time) {
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(static_cast<std::time_t>(unix_time)));
}

/// The members of a status as what they should be.
class StatusMembers {
 public:
  StatusMembers(std::string_view text, std::string const& origin)
      : members_(read_flat_json(text, origin)), origin_(origin) {}

  [[nodiscard]] std::string const& text(std::string const& key) const {
    auto const found = members_.find(key);
    if (found == members_.end()) fail(key);
    return found->second;
  }
  template <class Number>
  [[nodiscard]] Number number(std::string const& key) const {
    auto const& digits = text(key);
    Number out{};
    auto const end = digits.data() + digits.size();
    auto const result = std::from_chars(digits.data(), end, out);
    if (result.ec != std::errc() || result.ptr != end) fail(key);
    return out;
  }
  [[nodiscard]] std::optional<double> real(std::string const& key) const {
    if (text(key) == "null") return std::nullopt;
    return time(key);
  }
  /// Seconds, at most some thousand years: anything longer cannot be shown.
  [[nodiscard]] double time(std::string const& key) const {
    auto const seconds = number<double>(key);
    if (!std::isfinite(seconds)) fail(key);
    return seconds;
  }
  [[noreturn]] void fail(std::string const& key) const {
    throw InputError(fmt::format("{}: \"{}\" is not there or not what it should be", origin_, key),
                     "this is not the status of a job, or that of another version of Tessera",
                     "name the folder that run.status_dir named");
  }

 private:
  std::map<std::string, std::string> members_;
  std::string const& origin_;
};

}  // namespace

std::string to_json(JobStatus const& s) {
  FlatJson json(FlatJson::Layout::lines);
  json.text("state", name_of_state(s));
  if (s.state == JobStatus::State::running) {
    json.real("exit_code", std::nullopt);
  } else {
    json.count("exit_code", s.exit_code);
  }
  json.text("message", s.message);
  json.text("command", s.command).text("name", s.name).text("version", s.version);
  json.text("host", s.host).count("pid", s.pid).count("ranks", s.ranks);
  json.text("slurm_job", s.slurm_job).count("restarts", s.restarts);
  json.text("started", utc(s.started)).real("started_unix", s.started);
  json.text("renewed", utc(s.renewed)).real("renewed_unix", s.renewed);
  json.real("renew_seconds", s.renew_seconds);
  json.text("stage", s.stage).count("stage_number", s.stage_number).real("stage_seconds", s.stage_seconds);
  json.real("share", s.share).real("rate", s.rate).real("seconds_left", s.seconds_left);
  json.text("detail", s.detail).count("memory_bytes", s.memory_bytes);
  return json.str();
}

JobStatus job_status_of(std::string_view text, std::string const& origin) {
  StatusMembers const members(text, origin);
  JobStatus s;
  auto const state = std::find(kStates.begin(), kStates.end(), members.text("state"));
  if (state == kStates.end()) members.fail("state");
  s.state = static_cast<JobStatus::State>(state - kStates.begin());
  if (s.state != JobStatus::State::running) s.exit_code = members.number<std::uint64_t>("exit_code");
  s.message = members.text("message");
  s.command = members.text("command");
  s.name = members.text("name");
  s.version = members.text("version");
  s.host = members.text("host");
  s.pid = members.number<std::uint64_t>("pid");
  s.ranks = members.number<std::uint64_t>("ranks");
  s.slurm_job = members.text("slurm_job");
  s.restarts = members.number<std::uint64_t>("restarts");
  s.started = members.time("started_unix");
  s.renewed = members.time("renewed_unix");
  s.renew_seconds = members.time("renew_seconds");
  s.stage = members.text("stage");
  s.stage_number = members.number<std::uint64_t>("stage_number");
  s.stage_seconds = members.time("stage_seconds");
  s.share = members.real("share");
  s.rate = members.real("rate");
  s.seconds_left = members.real("seconds_left");
  s.detail = members.text("detail");
  s.memory_bytes = members.number<std::uint64_t>("memory_bytes");
  return s;
}

bool is_stale(JobStatus const& status, double now) noexcept {
  constexpr double kPatience = 30;  // slow file systems, clocks that differ
  return status.state == JobStatus::State::running &&
         now - status.renewed > std::max(kPatience, 5 * status.renew_seconds);
}

}  // namespace tessera
