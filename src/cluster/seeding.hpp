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
template <class T>
[[nodiscard]] std::vector<T> seed_random(Communicator const& comm, Customers<T> const& customers,
                                         std::size_t k, std::uint64_t seed);

/// *Collective.* k-means++: each centroid is a customer drawn with probability proportional to its squared
/// distance to those before. Arthur and Vassilvitskii, "k-means++: the advantages of careful seeding", SODA
/// 2007. Drawn from older distances and kept with probability new / old, which gives the same distribution
/// (rejection sampling: Cohen-Addad et al., NeurIPS 2020), so that one pass serves many centroids: a pass for
/// every 4k draws, of which one at least is kept. 8 bytes a customer; 4k customers on every rank. Throws
/// InputError for fewer than k distinct customers.
template <class T>
[[nodiscard]] std::vector<T> seed_plus_plus(Communicator const& comm, Customers<T> const& customers,
                                            std::size_t k, std::uint64_t seed);

/// *Collective.* k-means||: Bahmani et al., "Scalable k-means++", VLDB 2012, with k draws in each of 3 rounds
/// (more rounds if they find fewer than k candidates), and the weighted candidates clustered by every rank
/// alike. A round is a pass over those customers that a new candidate may be nearer to; 8 bytes a customer;
/// about 3k candidates on every rank. Throws InputError for fewer than k distinct customers.
template <class T>
[[nodiscard]] std::vector<T> seed_parallel(Communicator const& comm, Customers<T> const& customers,
                                           std::size_t k, std::uint64_t seed);

}  // namespace tessera::cluster
