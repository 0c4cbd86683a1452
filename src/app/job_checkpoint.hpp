// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/app/configuration.hpp"
#include "tessera/comm/communicator.hpp"
#include "tessera/core/checkpoint.hpp"
#include "tessera/io/checkpoint_slots.hpp"

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "console.hpp"
#include "job_manifest.hpp"
#include "prepared_customers.hpp"

/// What a run keeps in run.checkpoint_dir so that another, on any number of ranks, can go on from it:
///   job.0, job.1       what it is a checkpoint of
///   owner              the run that writes here; one that was given up for lost and is not must not
///   customers.h5       the prepared customers
///   kmeans.0, kmeans.1 centroids on their way, by turns
/// All are removed when the result is there. Without a folder a run can be stopped, and keeps nothing.
namespace tessera {

class JobCheckpoint {
 public:
  enum class Begin { anew, anew_at_any_cost, resume };

  /// *Collective.* Throws ConfigurationError when the folder cannot be used, when it holds what an unfinished
  /// run kept and `begin` is anew, and when what it holds is of another job and `begin` is resume.
  JobCheckpoint(Communicator const& comm, Configuration const& config, std::string const& key_check,
                Begin begin, Console& console);
  JobCheckpoint(JobCheckpoint const&) = delete;
  JobCheckpoint& operator=(JobCheckpoint const&) = delete;

  /// Local. Whether there was something to go on from.
  [[nodiscard]] bool resumes() const noexcept { return resumes_; }
  [[nodiscard]] JobManifest const& manifest() const noexcept { return manifest_; }

  /// *Collective.* What an earlier run kept.
  [[nodiscard]] std::optional<PreparedCustomers> customers();

  /// *Collective.* A safe point: keeps the customers if it is time to. Throws Interrupted if the run is to
  /// stop.
  void customers_are_ready(PreparedCustomers const& customers);

  /// Local. For K-means.
  [[nodiscard]] Checkpoint& kmeans() noexcept { return kmeans_; }

  /// *Collective.* The result is there: nothing needs to be kept any more.
  void finish();

 private:
  class OfWork : public Checkpoint {
   public:
    OfWork(JobCheckpoint& job, std::string const& name);
    /// *Collective.*
    void load();
    [[nodiscard]] Wish wish() override { return job_.wish(); }
    void keep(Wish const& all, std::span<std::byte const> state) override;
    [[nodiscard]] std::span<std::byte const> kept() const override { return kept_; }

   private:
    friend class JobCheckpoint;
    JobCheckpoint& job_;
    CheckpointSlots slots_;
    std::vector<std::byte> kept_;
  };

  [[nodiscard]] bool speaks() const noexcept { return comm_.rank() == 0; }
  [[nodiscard]] std::string path(std::string const& name) const { return folder_ + "/" + name; }
  [[nodiscard]] Wish wish() const;
  void stop_if(Wish const& all) const;
  void open(Begin begin);
  void refuse_another_job(JobManifest const& was) const;
  void require_ownership() const;
  void forget();
  /// *Collective.* Does what keeps something; where that fails the run goes on with a warning.
  template <class Keep>
  void try_to_keep(Keep&& keep);

  using Clock = std::chrono::steady_clock;
  Communicator const& comm_;
  Console& console_;
  std::string folder_;  ///< empty: keeps nothing
  std::chrono::seconds interval_;
  Clock::time_point last_kept_ = Clock::now();
  JobManifest manifest_;
  CheckpointSlots manifest_slots_;
  std::string owner_;
  OfWork kmeans_;
  bool resumes_ = false;
};

/// Local. Under Slurm, asks to stop `seconds` before the job's end, so that there is time to keep what there
/// is; in a short job, at nine tenths of it.
void stop_before_job_ends(std::uint64_t seconds);

}  // namespace tessera
