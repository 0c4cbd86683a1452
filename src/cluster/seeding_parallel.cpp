// SPDX-License-Identifier: Apache-2.0
#include "tessera/core/random.hpp"

#include <algorithm>

#include "distance_weights.hpp"
#include "distinct.hpp"
#include "recluster.hpp"
#include "seeding.hpp"
#include "seeds.hpp"

namespace tessera::cluster {

namespace {

constexpr std::uint32_t kRounds = 3;

}  // namespace

template <class T>
std::vector<T> seed_parallel(Communicator const& comm, Customers<T> const& customers, std::size_t k,
                             std::uint64_t seed) {
  Draw const draw(seed, Purpose::kmeans_parallel);
  auto const& blocks = customers.matrix.blocks;

  Seeds<T> seeds(comm, customers);
  GlobalRow const first{draw.below(blocks.total_rows, 0)};
  std::vector<LocalRow> chosen;
  if (blocks.owns(first)) chosen.push_back(blocks.local(first));
  seeds.add(comm, chosen);
  std::vector<std::int64_t> sizes;
  for (std::uint32_t round = 1; sizes.size() < k; ++round) {
    auto const weights = weigh(comm, customers, seeds.squared_distance());
    bool const exhausted = weights.total == 0;  // every customer lies on a seed
    if (!exhausted) {
      auto rows =
          rows_at(comm, customers, weights, seeds.squared_distance(), draw_targets(weights, k, draw, round));
      rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
      seeds.add(comm, rows);
    }
    if (exhausted || round >= kRounds) sizes = seeds.drop_repeated(comm);
    if (exhausted && sizes.size() < k) throw too_few_distinct_customers(sizes.size(), k);
  }
  return recluster(std::span<T const>(seeds.points()), sizes, customers.columns(), k, seed);
}

template std::vector<float> seed_parallel(Communicator const&, Customers<float> const&, std::size_t,
                                          std::uint64_t);
template std::vector<double> seed_parallel(Communicator const&, Customers<double> const&, std::size_t,
                                           std::uint64_t);

}  // namespace tessera::cluster
