// SPDX-License-Identifier: Apache-2.0
#include "refill.hpp"

#include "tessera/comm/agree.hpp"
#include "tessera/comm/collectives.hpp"
#include "tessera/kernel/nearest.hpp"

#include <algorithm>
#include <limits>
#include <vector>

#include "distinct.hpp"
#include "gather_rows.hpp"

namespace tessera::cluster {

namespace {

constexpr std::uint64_t kNobody = std::numeric_limits<std::uint64_t>::max();

template <class T>
struct Farthest {
  T squared_distance;
  std::uint64_t row;  // global
};

template <class T>
Farthest<T> farthest_customer(Communicator const& comm, Customers<T> const& customers,
                              std::vector<T> const& distances) {
  Farthest<T> mine{0, kNobody};
  for (std::size_t i = 0; i < distances.size(); ++i) {
    if (distances[i] > mine.squared_distance)
      mine = {distances[i], customers.matrix.blocks.global({i}).value};
  }
  T const largest = all_reduce(comm, mine.squared_distance, Reduce::maximum);
  std::uint64_t const row = mine.squared_distance == largest ? mine.row : kNobody;
  return {largest, all_reduce(comm, row, Reduce::minimum)};
}

}  // namespace

template <class T>
void refill(Communicator const& comm, Customers<T> const& customers,
            std::type_identity_t<std::span<T const>> assigned_with, std::span<std::size_t const> empty,
            std::type_identity_t<std::span<T>> centroids) {
  std::size_t const d = customers.columns();
  auto const& blocks = customers.matrix.blocks;
  auto distances =
      together(comm, [&] { return std::vector<T>(customers.rows(), std::numeric_limits<T>::infinity()); });
  std::vector<T> added(assigned_with.begin(), assigned_with.end());
  for (std::size_t filled = 0; filled < empty.size(); ++filled) {
    Centroids const closer(added, d);
    for_each_stretch(customers.rows(), [&](std::size_t first, std::size_t count) {
      lower_squared_distances(customers.rows(first, count), closer,
                              std::span(distances).subspan(first, count), {}, 0);
    });
    auto const farthest = farthest_customer(comm, customers, distances);
    if (farthest.row == kNobody) {
      std::size_t const k = assigned_with.size() / d;
      throw too_few_distinct_customers(k - empty.size() + filled, k);
    }
    std::vector<LocalRow> mine;
    if (blocks.owns({farthest.row})) mine.push_back(blocks.local({farthest.row}));
    added = gather_rows(comm, customers, mine);
    std::ranges::copy(added, centroids.begin() + static_cast<std::ptrdiff_t>(empty[filled] * d));
  }
}

template void refill(Communicator const&, Customers<float> const&, std::span<float const>,
                     std::span<std::size_t const>, std::span<float>);
template void refill(Communicator const&, Customers<double> const&, std::span<double const>,
                     std::span<std::size_t const>, std::span<double>);

}  // namespace tessera::cluster
