// SPDX-License-Identifier: Apache-2.0
#include "distance_weights.hpp"

#include "tessera/comm/collectives.hpp"

#include <algorithm>

namespace tessera::cluster {

template <class T>
DistanceWeights weigh(Communicator const& comm, Customers<T> const& customers,
                      std::type_identity_t<std::span<T const>> squared_distances) {
  auto const value = [&](std::size_t i) {
    return customers.weight_of(i) * static_cast<double>(squared_distances[i]);
  };
  double largest = 0;
  for (std::size_t i = 0; i < squared_distances.size(); ++i) largest = std::max(largest, value(i));
  largest = all_reduce(comm, largest, Reduce::maximum);
  DistanceWeights out{FixedPoint::for_sum(largest, customers.matrix.blocks.total_rows), 0, 0};
  for (std::size_t i = 0; i < squared_distances.size(); ++i) out.mine += out.of(value(i));
  out.total = all_reduce(comm, out.mine, Reduce::sum);
  return out;
}

template <class T>
std::vector<LocalRow> rows_at(Communicator const& comm, Customers<T> const& customers,
                              DistanceWeights const& weights,
                              std::type_identity_t<std::span<T const>> squared_distances,
                              std::vector<std::int64_t> targets) {
  std::int64_t passed = exclusive_scan(comm, weights.mine);
  std::int64_t const end = passed + weights.mine;
  std::ranges::sort(targets);
  auto target = std::ranges::lower_bound(targets, passed);
  std::vector<LocalRow> out;
  for (std::size_t i = 0; target != targets.end() && *target < end; ++i) {
    passed += weights.of(customers.weight_of(i) * static_cast<double>(squared_distances[i]));
    if (*target >= passed) continue;
    out.push_back({i});
    while (target != targets.end() && *target < passed) ++target;
  }
  return out;
}

template std::vector<LocalRow> rows_at(Communicator const&, Customers<float> const&, DistanceWeights const&,
                                       std::span<float const>, std::vector<std::int64_t>);
template std::vector<LocalRow> rows_at(Communicator const&, Customers<double> const&, DistanceWeights const&,
                                       std::span<double const>, std::vector<std::int64_t>);
template DistanceWeights weigh(Communicator const&, Customers<float> const&, std::span<float const>);
template DistanceWeights weigh(Communicator const&, Customers<double> const&, std::span<double const>);

}  // namespace tessera::cluster
