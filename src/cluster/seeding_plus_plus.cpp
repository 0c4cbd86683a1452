// SPDX-License-Identifier: Apache-2.0
#include "tessera/core/narrow.hpp"
#include "tessera/core/random.hpp"

#include "distance_weights.hpp"
#include "distinct.hpp"
#include "seeding.hpp"
#include "seeds.hpp"

namespace tessera::cluster {

template <class T>
std::vector<T> seed_plus_plus(Communicator const& comm, Customers<T> const& customers, std::size_t k,
                              std::uint64_t seed) {
  Draw const draw(seed, Purpose::kmeans_plus_plus);
  auto const& blocks = customers.matrix.blocks;
  Seeds<T> seeds(comm, customers);
  GlobalRow const first{draw.below(blocks.total_rows, 0)};
  std::vector<LocalRow> chosen;
  if (blocks.owns(first)) chosen.push_back(blocks.local(first));
  seeds.add(comm, chosen);
  for (std::size_t j = 1; j < k; ++j) {
    auto const weights = weigh(comm, customers, seeds.squared_distance());
    if (weights.total == 0) throw too_few_distinct_customers(j, k);
    auto const target = draw.below(static_cast<std::uint64_t>(weights.total), 0, narrow<std::uint32_t>(j));
    seeds.add(comm, rows_at(comm, customers, weights, seeds.squared_distance(),
                            {static_cast<std::int64_t>(target)}));
  }
  return seeds.points();
}

template std::vector<float> seed_plus_plus(Communicator const&, Customers<float> const&, std::size_t,
                                           std::uint64_t);
template std::vector<double> seed_plus_plus(Communicator const&, Customers<double> const&, std::size_t,
                                            std::uint64_t);

}  // namespace tessera::cluster
