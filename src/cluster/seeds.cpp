// SPDX-License-Identifier: Apache-2.0
#include "seeds.hpp"

#include "tessera/comm/agree.hpp"
#include "tessera/comm/collectives.hpp"
#include "tessera/core/narrow.hpp"
#include "tessera/kernel/nearest.hpp"

#include <limits>

#include "gather_rows.hpp"

namespace tessera::cluster {

template <class T>
Seeds<T>::Seeds(Communicator const& comm, Customers<T> const& customers)
    : customers_(customers),
      squared_distance_(together(
          comm, [&] { return std::vector<T>(customers.rows(), std::numeric_limits<T>::infinity()); })),
      nearest_(together(comm, [&] { return std::vector<std::int32_t>(customers.rows()); })) {}

template <class T>
std::vector<T> Seeds<T>::safe_distances(std::span<T const> added) const {
  std::size_t const columns = customers_.columns(), seeds = points_.size() / columns;
  std::vector<T> quarter(seeds, std::numeric_limits<T>::infinity());
  lower_squared_distances(points_, Centroids<T>({added.begin(), added.end()}, columns), quarter, {}, 0);
  // Squared distances in the difference form err by (columns + 2) roundings, and more where they underflow.
  T const error = 8 * static_cast<T>(columns + 4) * std::numeric_limits<T>::epsilon();
  for (T& squared : quarter) squared = squared < T{1e-30F} ? T{0} : squared / 4 * (1 - error);
  return quarter;
}

template <class T>
void Seeds<T>::add(Communicator const& comm, std::span<LocalRow const> chosen) {
  auto const added = gather_rows(comm, customers_, chosen);
  if (added.empty()) return;
  auto const safe = points_.empty() ? std::vector<T>{T{0}} : safe_distances(added);
  auto const first_index = narrow<std::int32_t>(points_.size() / customers_.columns());
  points_.insert(points_.end(), added.begin(), added.end());
  Centroids<T> const centroids(added, customers_.columns());
  std::vector<std::uint32_t> listed;
  for_each_stretch(customers_.rows(), [&](std::size_t first, std::size_t count) {
    listed.resize(count);
    std::size_t looking = 0;
    for (std::size_t i = 0; i < count; ++i) {
      listed[looking] = static_cast<std::uint32_t>(i);
      auto const seed = static_cast<std::size_t>(nearest_[first + i]);
      looking += squared_distance_[first + i] > safe[seed] ? 1 : 0;
    }
    auto const distances = std::span(squared_distance_).subspan(first, count);
    auto const nearest = std::span(nearest_).subspan(first, count);
    if (looking == count) {
      lower_squared_distances(customers_.rows(first, count), centroids, distances, nearest, first_index);
    } else {
      lower_squared_distances(customers_.rows(first, count),
                              std::span<std::uint32_t const>(listed).first(looking), centroids, distances,
                              nearest, first_index);
    }
  });
}

template <class T>
std::vector<std::int64_t> Seeds<T>::drop_repeated(Communicator const& comm) {
  std::size_t const columns = customers_.columns(), seeds = points_.size() / columns;
  std::vector<std::int64_t> held(2 * seeds);  // customers, then their weights
  for (std::size_t i = 0; i < nearest_.size(); ++i) {
    auto const seed = static_cast<std::size_t>(nearest_[i]);
    ++held[seed];
    held[seeds + seed] += customers_.weight_grid.encode(customers_.weight_of(i));
  }
  all_reduce(comm, std::span(held), Reduce::sum);
  std::vector<std::int64_t> weights;
  std::vector<T> kept;
  std::vector<std::int32_t> new_index(seeds);
  for (std::size_t i = 0; i < seeds; ++i) {
    if (held[i] == 0) continue;
    new_index[i] = static_cast<std::int32_t>(weights.size());
    weights.push_back(held[seeds + i]);
    kept.insert(kept.end(), points_.data() + i * columns, points_.data() + (i + 1) * columns);
  }
  for (auto& seed : nearest_) seed = new_index[static_cast<std::size_t>(seed)];
  points_ = std::move(kept);
  return weights;
}

template class Seeds<float>;
template class Seeds<double>;

}  // namespace tessera::cluster
