// SPDX-License-Identifier: Apache-2.0
#include "tessera/cluster/kmeans.hpp"

#include "tessera/comm/agree.hpp"
#include "tessera/core/error.hpp"
#include "tessera/kernel/simd.hpp"

#include <optional>
#include <utility>

#include "assess.hpp"
#include "check.hpp"
#include "customers.hpp"
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

std::vector<float> initial_centroids(Communicator const& comm, Customers const& customers, std::uint64_t k,
                                     std::uint64_t seed, KMeansOptions const& options) {
  switch (options.init) {
    case KMeansInit::kmeans_parallel:
      return seed_parallel(comm, customers, k, seed);
    case KMeansInit::kmeans_plus_plus:
      return seed_plus_plus(comm, customers, k, seed);
    case KMeansInit::random:
      return seed_random(comm, customers, k, seed);
    case KMeansInit::given:
      return to_stored(customers, options.initial_centroids);
  }
  throw BugError("an initialisation without a meaning");
}

struct BestRun {
  std::uint64_t restart;
  LloydResult run;
};

BestRun best_of_restarts(Communicator const& comm, Customers const& customers, std::uint64_t k,
                         KMeansOptions const& options, Progress& progress) {
  std::uint64_t const restarts = options.init == KMeansInit::given ? 1 : options.restarts;
  std::optional<BestRun> best;
  for (std::uint64_t restart = 0; restart < restarts; ++restart) {
    auto const what = fmt::format("k = {}, restart {} of {}", k, restart + 1, restarts);
    LloydResult run =
        lloyd(comm, customers,
              initial_centroids(comm, customers, k, seed_of_restart(options.seed, restart), options), options,
              what, progress);
    if (!best || run.history.back().inertia < best->run.history.back().inertia)
      best = {restart, std::move(run)};
  }
  return std::move(*best);
}

KMeansModel make_model(Customers const& customers, BestRun best, Assessment const& assessment) {
  KMeansModel out;
  out.k = assessment.size.size();
  out.centroids = from_stored(customers, best.run.centroids);
  out.size = assessment.size;
  out.inertia = assessment.inertia;
  out.converged = best.run.converged;
  out.restart = best.restart;
  out.history = std::move(best.run.history);
  out.quality = assessment.quality;
  return out;
}

}  // namespace

KMeansResult kmeans(Communicator const& comm, Matrix<float> matrix, KMeansOptions const& options,
                    Progress& progress) {
  together(comm, [&] {
    check(matrix, options);
    (void)simd_level();  // an unknown TESSERA_SIMD stops the run here, on all ranks
  });
  Customers const customers = centre(comm, std::move(matrix));
  KMeansResult out;
  for (auto const k : options.k) {
    BestRun best = best_of_restarts(comm, customers, k, options, progress);
    Assessment assessment = assess(comm, customers, best.run.centroids);
    out.models.push_back(make_model(customers, std::move(best), assessment));
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

}  // namespace tessera
