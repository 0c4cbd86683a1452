// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/comm/communicator.hpp"
#include "tessera/core/random.hpp"
#include "tessera/data/baskets.hpp"
#include "tessera/io/result_reader.hpp"

#include <cstdint>

/// Supports found again by counting baskets, one itemset after another.
namespace tessera {

/// Which customers and itemsets are looked at: the same ones on any number of ranks.
class Sample {
 public:
  /// A share of 1 takes all.
  Sample(double share, std::uint64_t seed) : share_(share), draw_(seed, Purpose::sample) {}
  [[nodiscard]] bool takes_customer(std::uint64_t row) const { return takes(row, 0); }
  [[nodiscard]] bool takes_itemset(std::uint64_t node) const { return takes(node, 1); }

 private:
  [[nodiscard]] bool takes(std::uint64_t number, std::uint32_t round) const {
    return share_ >= 1 || draw_.uniform(number, round) < share_;
  }
  double share_;
  Draw draw_;
};

struct SupportRecheck {
  std::uint64_t itemsets = 0;  ///< reported
  std::uint64_t checked = 0;
  std::uint64_t differ = 0;  ///< of another support than counted
};

/// *Collective.* Intersects lists of customers along the paths of the result's itemset tree. Memory of a
/// rank: 4 bytes an item of a basket, as much again a level of the tree, and some MB of nodes. Throws
/// InputError for a tree whose nodes have no parent or no item.
[[nodiscard]] SupportRecheck recheck_supports(Communicator const& comm, ResultReader const& reader,
                                              Baskets const& baskets, Sample const& sample);

}  // namespace tessera
