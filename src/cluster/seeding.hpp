// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "customers.hpp"

/// Where the initial centroids come from. Each returns k of them, row-major [k, columns], stored values, the
/// same on every rank; k is at most the number of customers.
namespace tessera::cluster {

/// *Collective.* The k customers with the smallest draws, in global order (Forgy 1965). A rank receives k
/// rows' worth of draws from every other.
[[nodiscard]] std::vector<float> seed_random(Communicator const& comm, Customers const& customers,
                                             std::size_t k, std::uint64_t seed);

/// *Collective.* k-means++: each centroid is a customer drawn with probability proportional to its squared
/// distance to those before. Arthur and Vassilvitskii, "k-means++: the advantages of careful seeding", SODA
/// 2007. One pass over the customers a centroid; 4 bytes a customer. Throws InputError for fewer than k
/// distinct customers.
[[nodiscard]] std::vector<float> seed_plus_plus(Communicator const& comm, Customers const& customers,
                                                std::size_t k, std::uint64_t seed);

/// *Collective.* k-means||: Bahmani et al., "Scalable k-means++", VLDB 2012, with oversampling 2k in 5 rounds
/// (more if they find fewer than k candidates), and the weighted candidates clustered by every rank alike.
/// One pass over the customers a round; 8 bytes a customer; about 10k candidates on every rank. Throws
/// InputError for fewer than k distinct customers.
[[nodiscard]] std::vector<float> seed_parallel(Communicator const& comm, Customers const& customers,
                                               std::size_t k, std::uint64_t seed);

}  // namespace tessera::cluster
