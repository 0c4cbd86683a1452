// SPDX-License-Identifier: Apache-2.0
#include "tessera/comm/agree.hpp"
#include "tessera/comm/collectives.hpp"
#include "tessera/core/narrow.hpp"
#include "tessera/core/random.hpp"
#include "tessera/kernel/nearest.hpp"

#include <limits>

#include "distance_weights.hpp"
#include "distinct.hpp"
#include "gather_rows.hpp"
#include "seeding.hpp"

namespace tessera::cluster {

namespace {

/// The customer on whom the running sum of weights, in global order, first exceeds `target`; empty on the
/// ranks that do not own it.
std::vector<LocalRow> row_at(Communicator const& comm, DistanceWeights const& weights,
                             std::span<float const> distances, std::int64_t target) {
  std::int64_t remaining = target - exclusive_scan(comm, weights.mine);
  if (remaining < 0 || remaining >= weights.mine) return {};
  std::size_t row = 0;
  while (remaining >= weights.of(distances[row])) remaining -= weights.of(distances[row++]);
  return {LocalRow{row}};
}

}  // namespace

std::vector<float> seed_plus_plus(Communicator const& comm, Customers const& customers, std::size_t k,
                                  std::uint64_t seed) {
  Draw const draw(seed, Purpose::kmeans_plus_plus);
  auto const& blocks = customers.matrix.blocks;
  auto distances = together(
      comm, [&] { return std::vector<float>(customers.rows(), std::numeric_limits<float>::infinity()); });

  GlobalRow const first{draw.below(blocks.total_rows, 0)};
  std::vector<LocalRow> chosen;
  if (blocks.owns(first)) chosen.push_back(blocks.local(first));
  std::vector<float> newest = gather_rows(comm, customers, chosen);
  std::vector<float> centroids = newest;
  for (std::size_t j = 1; j < k; ++j) {
    Centroids const closer(newest, customers.columns());
    for_each_chunk(customers.rows(), [&](std::size_t start, std::size_t count) {
      lower_squared_distances(customers.rows(start, count), closer,
                              std::span(distances).subspan(start, count), {}, 0);
    });
    auto const weights = weigh(comm, distances, blocks.total_rows);
    if (weights.total == 0) throw too_few_distinct_customers(j, k);
    auto const target = draw.below(static_cast<std::uint64_t>(weights.total), 0, narrow<std::uint32_t>(j));
    newest =
        gather_rows(comm, customers, row_at(comm, weights, distances, static_cast<std::int64_t>(target)));
    centroids.insert(centroids.end(), newest.begin(), newest.end());
  }
  return centroids;
}

}  // namespace tessera::cluster
