// SPDX-License-Identifier: Apache-2.0
#include "job_checkpoint.hpp"

#include "tessera/comm/agree.hpp"
#include "tessera/comm/collectives.hpp"
#include "tessera/core/archive.hpp"
#include "tessera/core/digest.hpp"
#include "tessera/core/stop.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <string_view>
#include <system_error>
#include <utility>

#include "customers_snapshot.hpp"
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sodium.h>
#include <unistd.h>

namespace tessera {

template <class Archive, Same<InputFact> Value>
void fields(Archive& archive, Value& fact) {
  archive(fact.path, fact.bytes, fact.changed);
}
template <class Archive, Same<JobManifest> Value>
void fields(Archive& archive, Value& manifest) {
  archive(manifest.program, manifest.configuration, manifest.key_check, manifest.inputs);
}

namespace {

constexpr char kJob[] = "job", kOwner[] = "owner", kCustomers[] = "customers.h5", kKMeans[] = "kmeans";
constexpr std::array<std::string_view, 3> kKept{"job.", "customers.h5", "kmeans."};

std::string random_token() {
  std::array<std::uint8_t, 16> bytes{};
  randombytes_buf(bytes.data(), bytes.size());
  return hex(bytes);
}

void make_folder(std::string const& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (!error && ::access(folder.c_str(), W_OK | X_OK) == 0) return;
  throw ConfigurationError("run.checkpoint_dir = \"" + folder + "\" cannot be written to",
                           "a run that is stopped would lose its work",
                           "name a folder that you may write to");
}

Wish sum_over_ranks(Communicator const& comm, Wish const& mine) {
  std::array<std::uint64_t, 2> counts{mine.save, mine.stop};
  all_reduce(comm, std::span<std::uint64_t>(counts), Reduce::sum);
  return {counts[0], counts[1]};
}

}  // namespace

JobCheckpoint::JobCheckpoint(Communicator const& comm, Configuration const& config,
                             std::string const& key_check, Begin begin, Console& console)
    : comm_(comm),
      console_(console),
      folder_(config.run.checkpoint_dir),
      interval_(config.run.checkpoint_seconds),
      manifest_(manifest_of(comm, config, key_check)),
      manifest_slots_(folder_, kJob),
      kmeans_(*this, kKMeans) {
  if (folder_.empty()) return;
  resumes_ = together(comm, [&] {
    if (speaks()) open(begin);
    return resumes_;
  });
  resumes_ = all_reduce(comm, resumes_ ? 1 : 0, Reduce::maximum) == 1;
  if (resumes_) kmeans_.load();
}

void JobCheckpoint::open(Begin begin) {
  make_folder(folder_);
  auto const kept = manifest_slots_.load();
  bool const has_work = std::filesystem::exists(path(kCustomers)) || kmeans_.slots_.load();
  if (has_work && begin == Begin::anew) {
    throw ConfigurationError("run.checkpoint_dir = \"" + folder_ + "\" holds what an unfinished run kept",
                             "beginning anew would lose its work",
                             "go on from it with --resume, begin anew with --force, or name another folder");
  }
  if (kept && has_work && begin == Begin::resume) {
    refuse_another_job(loaded<JobManifest>(*kept));
    resumes_ = true;
  } else {
    forget();
    manifest_slots_.save(saved(manifest_));
  }
  owner_ = random_token();
  std::ofstream(path(kOwner)) << owner_;
  std::filesystem::permissions(path(kOwner),
                               std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  require_ownership();
}

void JobCheckpoint::refuse_another_job(JobManifest const& was) const {
  auto const what = differences(was, manifest_);
  if (what.empty()) return;
  throw ConfigurationError(
      fmt::format("--resume: run.checkpoint_dir = \"{}\" holds what another job kept: {}", folder_,
                  fmt::join(what, "; ")),
      "a result would mix the two",
      "restore what has changed, or begin anew with --force instead of --resume");
}

void JobCheckpoint::require_ownership() const {
  std::string owner;
  std::ifstream(path(kOwner)) >> owner;
  if (owner == owner_) return;
  throw ResourceError("another run has taken over run.checkpoint_dir = \"" + folder_ + "\"",
                      "two runs would overwrite each other's checkpoints",
                      "let the other one finish, or stop it and start this one again with --resume");
}

void JobCheckpoint::forget() {
  for (auto const& entry : std::filesystem::directory_iterator(folder_)) {
    auto const name = entry.path().filename().string();
    // and what a killed run was writing, NAME.tmp-PID
    bool const ours = std::any_of(kKept.begin(), kKept.end(),
                                  [&](std::string_view kept) { return name.starts_with(kept); });
    if (ours && entry.is_regular_file()) std::filesystem::remove(entry.path());
  }
}

Wish JobCheckpoint::wish() const {
  bool const due = speaks() && !folder_.empty() && Clock::now() - last_kept_ >= interval_;
  return {.save = due ? 1U : 0U, .stop = stop_requested() ? 1U : 0U};
}

void JobCheckpoint::stop_if(Wish const& all) const {
  if (all.stop > 0) agree(comm_, Interrupted());
}

template <class Keep>
void JobCheckpoint::try_to_keep(Keep&& keep) {
  if (folder_.empty()) return;
  together(comm_, [&] {
    if (speaks()) require_ownership();
  });
  try {
    std::forward<Keep>(keep)();
  } catch (Error const& error) {
    if (error.code() == ExitCode::bug) throw;
    console_.warning(fmt::format("no checkpoint was written: {}", error.what_is_wrong()));
  }
  last_kept_ = Clock::now();
}

std::optional<PreparedCustomers> JobCheckpoint::customers() {
  if (!resumes_) return std::nullopt;
  bool const there =
      all_reduce(comm_, speaks() && std::filesystem::exists(path(kCustomers)) ? 1 : 0, Reduce::maximum) == 1;
  if (!there) return std::nullopt;
  auto kept = read_snapshot(comm_, path(kCustomers));
  if (!kept) console_.warning(path(kCustomers) + " is damaged: the tables are read again");
  return kept;
}

void JobCheckpoint::customers_are_ready(PreparedCustomers const& customers) {
  auto const all = sum_over_ranks(comm_, wish());
  if (all.anything()) try_to_keep([&] { write_snapshot(comm_, path(kCustomers), customers); });
  stop_if(all);
}

void JobCheckpoint::finish() {
  together(comm_, [&] {
    if (!speaks() || folder_.empty()) return;
    require_ownership();
    forget();
    ::unlink(path(kOwner).c_str());
  });
}

JobCheckpoint::OfWork::OfWork(JobCheckpoint& job, std::string const& name)
    : job_(job), slots_(job.folder_, name) {}

void JobCheckpoint::OfWork::load() {
  together(job_.comm_, [&] {
    if (job_.speaks()) kept_ = slots_.load().value_or(std::vector<std::byte>());
  });
  for (auto const& damaged : slots_.damaged())
    job_.console_.warning(damaged + " is damaged and left out of account");
  std::uint64_t size = kept_.size();
  broadcast(job_.comm_, std::span(&size, 1), 0);
  kept_.resize(static_cast<std::size_t>(size));
  broadcast(job_.comm_, std::span(kept_), 0);
}

void JobCheckpoint::OfWork::keep(Wish const& all, std::span<std::byte const> state) {
  job_.try_to_keep([&] {
    together(job_.comm_, [&] {
      if (job_.speaks()) slots_.save(state);
    });
  });
  job_.stop_if(all);
}

void stop_before_job_ends(std::uint64_t seconds) {
  char const* const end = std::getenv("SLURM_JOB_END_TIME");
  if (end == nullptr) return;
  auto const left = std::strtoll(end, nullptr, 10) - static_cast<std::int64_t>(std::time(nullptr));
  constexpr std::int64_t kLongest = 366LL * 86400;  // what is farther away is no time of a job's end
  if (left <= 0 || left > kLongest) return;
  request_stop_in(static_cast<unsigned>(std::max(left - static_cast<std::int64_t>(seconds), left * 9 / 10)));
}

}  // namespace tessera
