// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/cluster/kmeans.hpp"
#include "tessera/comm/communicator.hpp"
#include "tessera/data/matrix.hpp"

#include <cstdint>
#include <span>
#include <vector>

/// Labels found again from the centroids alone, by the plain kernel: a check of stored results that shares
/// with K-means only how customers are centred.
namespace tessera {

/// What somebody says of a rank's customers.
struct ClaimedLabels {
  std::vector<std::int32_t> segment;  ///< [rows]
  std::vector<float> distance;        ///< [rows] to the own centroid
};

/// Customers, over all ranks.
struct LabelRecheck {
  std::uint64_t checked = 0;
  std::uint64_t other_segment = 0;   ///< nearer to another centroid, by more than roundings explain
  std::uint64_t other_distance = 0;  ///< not as far from their centroid as claimed
};

/// *Collective.* `matrix`: the features that were clustered, which it takes over and centres in place;
/// `centroids`: row-major [k, columns] in the matrix's units; `wanted`: [rows] 0 leaves a customer out. The
/// centroids come back from double to the precision of the matrix, which may move them by a unit in the last
/// place: a claim that is beyond no such rounding holds. Throws what kmeans() throws for values that cannot
/// be clustered.
template <class T>
[[nodiscard]] LabelRecheck recheck_labels(Communicator const& comm, Matrix<T> matrix, Distance distance,
                                          std::span<double const> centroids, ClaimedLabels const& claimed,
                                          std::span<std::uint8_t const> wanted);

extern template LabelRecheck recheck_labels(Communicator const&, Matrix<float>, Distance,
                                            std::span<double const>, ClaimedLabels const&,
                                            std::span<std::uint8_t const>);
extern template LabelRecheck recheck_labels(Communicator const&, Matrix<double>, Distance,
                                            std::span<double const>, ClaimedLabels const&,
                                            std::span<std::uint8_t const>);

}  // namespace tessera
