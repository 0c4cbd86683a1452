// SPDX-License-Identifier: Apache-2.0
#include "status_writer.hpp"

#include "tessera/core/version.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <system_error>

#include "flat_json.hpp"
#include "peak_memory.hpp"
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

namespace tessera {

namespace {

constexpr std::chrono::seconds kRenewal{2};
constexpr mode_t kForOwner = 0600;
constexpr mode_t kForCollectors = 0644;  // who collects metrics is another user

double unix_time() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

double steady_seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

std::string environment(char const* name) {
  char const* const value = std::getenv(name);
  return value == nullptr ? "" : value;
}

FlatJson event(std::string_view name) {
  FlatJson json(FlatJson::Layout::line);
  json.real("time_unix", unix_time()).text("event", name);
  return json;
}

}  // namespace

StatusWriter::StatusWriter(Communicator const& comm, RunSection const& run, std::string_view command)
    : comm_(comm),
      folder_(run.status_dir),
      file_(folder_.empty() ? "" : folder_ + "/status.json", kForOwner),
      metrics_(run.prometheus_file, kForCollectors) {
  std::array<char, 256> host{};
  ::gethostname(host.data(), host.size() - 1);
  status_.command = command;
  status_.name = run.name;
  status_.version = version();
  status_.host = host.data();
  status_.slurm_job = environment("SLURM_JOB_ID");
  status_.restarts = std::strtoull(environment("SLURM_RESTART_COUNT").c_str(), nullptr, 10);
  status_.pid = static_cast<std::uint64_t>(::getpid());
  status_.ranks = static_cast<std::uint64_t>(comm.size());
  status_.started = unix_time();
  status_.renew_seconds = static_cast<double>(kRenewal.count());
  if (!is_wanted()) return;
  together(comm, [&] {
    if (speaks()) open();
  });
}

StatusWriter::~StatusWriter() {
  stop_renewing();
  if (log_ >= 0) ::close(log_);
}

void StatusWriter::open() {
  auto const refusal = [](std::string const& what, std::string const& why) {
    return ConfigurationError(what + " cannot be written: " + why, "nobody could tell how the job is doing",
                              "name a place that you may write to, or leave the key empty");
  };
  std::error_code error;
  if (!folder_.empty()) std::filesystem::create_directories(folder_, error);
  if (error) throw refusal("run.status_dir = \"" + folder_ + "\"", error.message());
  try {
    file_.sweep();
    metrics_.sweep();
    renew();
  } catch (std::system_error const& failure) {
    throw refusal(std::string("what run.status_dir or run.prometheus_file names"), failure.what());
  }
  append(event("begin")
             .text("command", status_.command)
             .text("name", status_.name)
             .text("version", status_.version)
             .text("host", status_.host)
             .count("pid", status_.pid)
             .count("ranks", status_.ranks)
             .text("slurm_job", status_.slurm_job)
             .count("restarts", status_.restarts)
             .str());
  // Signals are for the thread that computes.
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  try {
    renewing_ = std::thread([this] { renew_till_the_end(); });
  } catch (std::system_error const&) {
    trouble_ = "the system has no thread for it";
  }
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

void StatusWriter::renew_till_the_end() {
  for (std::unique_lock lock(mutex_); !wake_.wait_for(lock, kRenewal, [&] { return over_; });) {
    lock.unlock();
    try {
      renew();
    } catch (std::exception const& failure) {
      lock.lock();
      trouble_ = failure.what();
      continue;
    }
    lock.lock();
  }
}

void StatusWriter::renew() {
  auto const memory = peak_memory_bytes();
  std::unique_lock lock(mutex_);
  auto const now = steady_seconds();
  status_.renewed = unix_time();
  status_.memory_bytes = std::max(status_.memory_bytes, memory);
  if (!status_.stage.empty()) status_.stage_seconds = now - stage_began_;
  status_.share = pace_.share();
  status_.rate = pace_.rate();
  status_.seconds_left = pace_.seconds_left(now);
  auto const status = status_;
  lock.unlock();
  file_.put(to_json(status));
  if (!metrics_.path().empty()) metrics_.put(to_prometheus(status));
}

void StatusWriter::begin(std::string_view stage) {
  if (!is_wanted()) return;
  std::unique_lock lock(mutex_);
  status_.stage = stage;
  ++status_.stage_number;
  status_.detail.clear();
  stage_began_ = steady_seconds();
  pace_.begin(stage_began_);
  lock.unlock();
  if (speaks()) append(event("stage").text("stage", stage).str());
}

void StatusWriter::update(double done, double total, std::string_view detail) {
  if (!is_wanted() || !speaks()) return;
  std::scoped_lock const lock(mutex_);
  pace_.update(done, total, steady_seconds());
  status_.detail = detail;
}

void StatusWriter::end(double seconds) {
  if (!is_wanted() || !speaks()) return;
  auto const memory = peak_memory_bytes();
  std::unique_lock lock(mutex_);
  status_.memory_bytes = std::max(status_.memory_bytes, memory);
  auto const line = event("stage done")
                        .text("stage", status_.stage)
                        .real("seconds", seconds)
                        .count("memory_bytes", status_.memory_bytes)
                        .str();
  lock.unlock();
  append(line);
}

void StatusWriter::log(std::string_view level, std::string_view text) {
  if (is_wanted() && speaks()) append(event(level).text("message", text).str());
}

void StatusWriter::memory(std::uint64_t bytes) {
  std::scoped_lock const lock(mutex_);
  status_.memory_bytes = std::max(status_.memory_bytes, bytes);
}

std::optional<std::string> StatusWriter::trouble() {
  std::scoped_lock const lock(mutex_);
  if (told_trouble_ || !trouble_) return std::nullopt;
  told_trouble_ = true;
  return trouble_;
}

void StatusWriter::stop_renewing() {
  {
    std::scoped_lock const lock(mutex_);
    over_ = true;
  }
  wake_.notify_all();
  if (renewing_.joinable()) renewing_.join();
}

void StatusWriter::ended(ExitCode code, std::string const& message) {
  if (!is_wanted()) return;
  stop_renewing();
  status_.state = code == ExitCode::ok            ? JobStatus::State::done
                  : code == ExitCode::interrupted ? JobStatus::State::interrupted
                                                  : JobStatus::State::failed;
  status_.exit_code = static_cast<std::uint64_t>(code);
  status_.message = message;
  append(event("end").count("exit_code", status_.exit_code).text("message", message).str());
  try {
    renew();
  } catch (std::system_error const&) {
    return;  // the job has ended as it has; who reads a status sees that it is old
  }
}

void StatusWriter::append(std::string const& line) {
  if (folder_.empty()) return;
  if (log_ < 0)
    log_ = ::open((folder_ + "/log.jsonl").c_str(), O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC,
                  kForOwner);
  // In one piece, so that lines of two ranks do not mix.
  auto const written = log_ < 0 ? -1 : ::write(log_, line.data(), line.size());
  if (written == static_cast<ssize_t>(line.size())) return;
  int const why = errno;
  std::scoped_lock const lock(mutex_);
  trouble_ = folder_ + "/log.jsonl: " + std::generic_category().message(why);
}

}  // namespace tessera
