// SPDX-License-Identifier: Apache-2.0
#include "tessera/comm/agree.hpp"
#include "tessera/comm/collectives.hpp"
#include "tessera/core/narrow.hpp"
#include "tessera/core/random.hpp"
#include "tessera/kernel/nearest.hpp"

#include <algorithm>
#include <limits>

#include "distance_weights.hpp"
#include "distinct.hpp"
#include "gather_rows.hpp"
#include "recluster.hpp"
#include "seeding.hpp"

namespace tessera::cluster {

namespace {

constexpr std::uint32_t kRounds = 5;
constexpr double kOversampling = 2;  // candidates expected a round, over k

/// Candidates, and which of them each of this rank's customers is nearest to.
class Candidates {
 public:
  Candidates(Communicator const& comm, Customers const& customers)
      : customers_(customers),
        distance_(together(
            comm,
            [&] { return std::vector<float>(customers.rows(), std::numeric_limits<float>::infinity()); })),
        nearest_(together(comm, [&] { return std::vector<std::int32_t>(customers.rows()); })) {}

  /// *Collective.*
  void add(Communicator const& comm, std::span<LocalRow const> chosen) {
    std::size_t const columns = customers_.columns();
    auto const added = gather_rows(comm, customers_, chosen);
    if (added.empty()) return;
    auto const first_index = narrow<std::int32_t>(points_.size() / columns);
    points_.insert(points_.end(), added.begin(), added.end());
    Centroids const centroids(added, columns);
    for_each_chunk(customers_.rows(), [&](std::size_t first, std::size_t count) {
      lower_squared_distances(customers_.rows(first, count), centroids,
                              std::span(distance_).subspan(first, count),
                              std::span(nearest_).subspan(first, count), first_index);
    });
  }

  /// *Collective.* Drops the candidates to which no customer is nearest: a candidate is itself a customer at
  /// distance zero, so another one with the same values came before it. Returns the weights of the others.
  std::vector<std::int64_t> count_customers(Communicator const& comm) {
    std::size_t const columns = customers_.columns();
    std::vector<std::int64_t> weights(points_.size() / columns);
    for (auto const candidate : nearest_) ++weights[static_cast<std::size_t>(candidate)];
    all_reduce(comm, std::span(weights), Reduce::sum);
    std::vector<std::int64_t> kept;
    std::vector<float> kept_points;
    std::vector<std::int32_t> new_index(weights.size());
    for (std::size_t i = 0; i < weights.size(); ++i) {
      if (weights[i] == 0) continue;
      new_index[i] = static_cast<std::int32_t>(kept.size());
      kept.push_back(weights[i]);
      kept_points.insert(kept_points.end(), points_.data() + i * columns, points_.data() + (i + 1) * columns);
    }
    for (auto& candidate : nearest_) candidate = new_index[static_cast<std::size_t>(candidate)];
    points_ = std::move(kept_points);
    return kept;
  }

  [[nodiscard]] std::span<float const> distance() const noexcept { return distance_; }
  [[nodiscard]] std::span<float const> points() const noexcept { return points_; }

 private:
  Customers const& customers_;
  std::vector<float> points_, distance_;
  std::vector<std::int32_t> nearest_;
};

/// This rank's customers that are drawn: each on its own, with probability expected * D^2 / sum D^2.
std::vector<LocalRow> draw_customers(Customers const& customers, std::span<float const> distance,
                                     double expected, double cost, Draw const& draw, std::uint32_t round) {
  std::vector<LocalRow> out;
  for (std::size_t i = 0; i < distance.size(); ++i) {
    if (distance[i] == 0) continue;
    double const probability = expected * static_cast<double>(distance[i]) / cost;
    if (draw.uniform(customers.matrix.blocks.global({i}).value, round) < probability) out.push_back({i});
  }
  return out;
}

}  // namespace

std::vector<float> seed_parallel(Communicator const& comm, Customers const& customers, std::size_t k,
                                 std::uint64_t seed) {
  Draw const draw(seed, Purpose::kmeans_parallel);
  auto const& blocks = customers.matrix.blocks;
  double const expected = kOversampling * static_cast<double>(k);

  Candidates candidates(comm, customers);
  GlobalRow const first{draw.below(blocks.total_rows, 0)};
  std::vector<LocalRow> chosen;
  if (blocks.owns(first)) chosen.push_back(blocks.local(first));
  candidates.add(comm, chosen);
  std::vector<std::int64_t> sizes;
  for (std::uint32_t round = 1; sizes.size() < k; ++round) {
    auto const weights = weigh(comm, candidates.distance(), blocks.total_rows);
    bool const exhausted = weights.total == 0;  // every customer lies on a candidate
    if (!exhausted) {
      double const cost = weights.grid.decode(weights.total);
      candidates.add(comm, together(comm, [&] {
                       return draw_customers(customers, candidates.distance(), expected, cost, draw, round);
                     }));
    }
    if (exhausted || round >= kRounds) sizes = candidates.count_customers(comm);
    if (exhausted && sizes.size() < k) throw too_few_distinct_customers(sizes.size(), k);
  }
  return recluster(candidates.points(), sizes, customers.columns(), k, seed);
}

}  // namespace tessera::cluster
