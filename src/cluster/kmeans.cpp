// SPDX-License-Identifier: Apache-2.0
#include "tessera/cluster/kmeans.hpp"

#include "tessera/comm/agree.hpp"
#include "tessera/core/error.hpp"
#include "tessera/kernel/simd.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <span>
#include <utility>

#include "assess.hpp"
#include "check.hpp"
#include "customers.hpp"
#include "kmeans_state.hpp"
#include "lloyd.hpp"
#include "seeding.hpp"
#include "select.hpp"
#include <fmt/core.h>

namespace tessera {

namespace {

using namespace cluster;

/// Any seed gives a stream of its own; the odd constant (2^64 / golden ratio) keeps restarts far apart.
std::uint64_t seed_of_restart(std::uint64_t seed, std::uint64_t restart) {
  return seed + restart * 0x9E3779B97F4A7C15;
}

/// The given centroids as stored values.
template <class T>
std::vector<T> given_centroids(Customers<T> const& customers, KMeansOptions const& options) {
  auto out = to_stored<T>(customers, options.initial_centroids);
  for (std::size_t i = 0; i < out.size(); ++i) {
    if (std::isfinite(out[i])) continue;
    throw InputError(
        fmt::format("column {} of initial centroid {} (both counted from 0) lies farther from the "
                    "customers than their precision can tell",
                    i % customers.columns(), i / customers.columns()),
        "no customer has a distance to it", "start from centroids near the customers");
  }
  return out;
}

template <class T>
std::vector<T> initial_centroids(Communicator const& comm, Customers<T> const& customers, std::uint64_t k,
                                 std::uint64_t seed, KMeansOptions const& options) {
  switch (options.init) {
    case KMeansInit::kmeans_parallel:
      return at_its_length(customers, seed_parallel(comm, customers, k, seed));  // these are means
    case KMeansInit::kmeans_plus_plus:
      return seed_plus_plus(comm, customers, k, seed);
    case KMeansInit::random:
      return seed_random(comm, customers, k, seed);
    case KMeansInit::given:
      return given_centroids(customers, options);
  }
  throw BugError("an initialisation without a meaning");
}

/// A model to compute: options.k[model], started once more.
struct Start {
  std::size_t model;
  std::uint64_t restart;
};

std::uint64_t restarts_of(KMeansOptions const& options) {
  return options.init == KMeansInit::given ? 1 : options.restarts;
}

std::vector<Start> all_starts(KMeansOptions const& options) {
  std::uint64_t const restarts = restarts_of(options);
  std::vector<Start> out;
  for (std::size_t model = 0; model < options.k.size(); ++model) {
    for (std::uint64_t restart = 0; restart < restarts; ++restart) out.push_back({model, restart});
  }
  return out;
}

template <class T>
std::vector<LloydRun<T>> begin_runs(Communicator const& comm, Customers<T> const& customers,
                                    std::span<Start const> starts, KMeansOptions const& options) {
  std::vector<LloydRun<T>> runs;
  for (auto const& start : starts) {
    std::uint64_t const k = options.k[start.model];
    auto const seed = seed_of_restart(options.seed, start.restart);
    auto& run = runs.emplace_back();
    run.name = fmt::format("k = {}, restart {} of {}", k, start.restart + 1, restarts_of(options));
    run.centroids = initial_centroids(comm, customers, k, seed, options);
  }
  return runs;
}

/// Computes these models together, and keeps those that are better than the best so far.
template <class T>
void advance(Communicator const& comm, Customers<T> const& customers, std::span<Start const> starts,
             KMeansOptions const& options, KMeansState<T>& state, Progress& progress,
             Checkpoint& checkpoint) {
  if (state.runs.empty()) state.runs = begin_runs(comm, customers, starts, options);
  lloyd<T>(comm, customers, state.runs, options, state.work, progress,
           {checkpoint, [&](Wish const& all) { checkpoint.keep(all, saved(state)); }});
  for (std::size_t i = 0; i < state.runs.size(); ++i) {
    auto& holder = state.best[starts[i].model];
    if (!holder || state.runs[i].history.back().inertia < holder->run.history.back().inertia) {
      holder = {starts[i].restart, std::move(state.runs[i])};
    }
  }
  state.runs.clear();
  state.ended += starts.size();
}

template <class T>
KMeansModel make_model(Customers<T> const& customers, Best<T> best, Assessment const& assessment) {
  KMeansModel out;
  out.k = assessment.size.size();
  out.centroids = from_stored<T>(customers, best.run.centroids);
  out.size = assessment.size;
  out.inertia = assessment.inertia;
  out.converged = best.run.converged;
  out.restart = best.restart;
  out.history = std::move(best.run.history);
  out.quality = assessment.quality;
  return out;
}

}  // namespace

template <class T>
KMeansResult kmeans(Communicator const& comm, Matrix<T> matrix, KMeansOptions const& options,
                    Progress& progress, std::vector<T> weight, Checkpoint& checkpoint) {
  together(comm, [&] {
    check<T>(matrix, weight, options);
    (void)simd_level();  // an unknown TESSERA_SIMD stops the run here, on all ranks
  });
  Customers<T> const customers = centre(comm, std::move(matrix), std::move(weight), options.distance);
  auto const starts = all_starts(options);
  KMeansState<T> state;
  state.best.resize(options.k.size());
  if (auto const kept = checkpoint.kept(); !kept.empty()) state = loaded<KMeansState<T>>(kept);
  std::size_t const at_a_time = options.together == 0 ? starts.size() : options.together;
  while (state.ended < starts.size()) {
    std::size_t const count = std::min(at_a_time, starts.size() - state.ended);
    advance<T>(comm, customers, std::span(starts).subspan(state.ended, count), options, state, progress,
               checkpoint);
  }
  checkpoint.keep({.save = 1}, saved(state));  // later stages can take long too
  KMeansResult out;
  out.work = state.work;
  for (auto& kept : state.best) {
    Assessment assessment = assess(comm, customers, kept->run.centroids);
    out.models.push_back(make_model(customers, std::move(*kept), assessment));
    bool const first = out.models.size() == 1;
    if (first || is_better(out.models.back(), out.models[out.selected], options.select_by)) {
      out.selected = out.models.size() - 1;
      out.segment = std::move(assessment.segment);
      out.distance = std::move(assessment.distance);
      out.margin = std::move(assessment.margin);
    }
  }
  return out;
}

template KMeansResult kmeans(Communicator const&, Matrix<float>, KMeansOptions const&, Progress&,
                             std::vector<float>, Checkpoint&);
template KMeansResult kmeans(Communicator const&, Matrix<double>, KMeansOptions const&, Progress&,
                             std::vector<double>, Checkpoint&);

}  // namespace tessera
