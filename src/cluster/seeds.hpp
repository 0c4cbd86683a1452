// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/data/row_blocks.hpp"

#include <cstdint>
#include <span>
#include <vector>

#include "customers.hpp"

/// Centroids chosen so far among the customers, and each customer's squared distance to the nearest of them.
namespace tessera::cluster {

template <class T>
class Seeds {
 public:
  /// *Collective.* None yet: every distance is infinite. 4 bytes and a T a customer.
  Seeds(Communicator const& comm, Customers<T> const& customers);

  /// *Collective.* Adds the chosen rows of all ranks, in global order. A customer is left alone where the
  /// triangle inequality shows that no new seed can be nearer than the one that it has: half their distance
  /// from each other is more than its own (Elkan 2003, lemma 1).
  void add(Communicator const& comm, std::span<LocalRow const> chosen);

  /// *Collective.* Drops the seeds to which no customer is nearest: a seed is itself a customer at distance
  /// zero, so another one with the same values came before it. Returns what weight of customers, in steps of
  /// their weight grid, the others have.
  [[nodiscard]] std::vector<std::int64_t> drop_repeated(Communicator const& comm);

  [[nodiscard]] std::span<T const> squared_distance() const noexcept { return squared_distance_; }
  /// Row-major [seeds, columns], stored values.
  [[nodiscard]] std::vector<T> const& points() const noexcept { return points_; }

 private:
  /// For each seed, the squared distance beyond which its customers have to look at the new ones.
  [[nodiscard]] std::vector<T> safe_distances(std::span<T const> added) const;

  Customers<T> const& customers_;
  std::vector<T> points_, squared_distance_;
  std::vector<std::int32_t> nearest_;
};

}  // namespace tessera::cluster
