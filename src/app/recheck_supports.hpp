// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/comm/communicator.hpp"
#include "tessera/core/random.hpp"
#include "tessera/data/baskets.hpp"
#include "tessera/io/result_reader.hpp"

#include <cstdint>

/// Supports found again by counting baskets, one itemset after another.
namespace tessera {

/// Which customers, itemsets and rules are looked at: the same ones on any number of ranks.
class Sample {
 public:
  /// A share of 1 takes all.
  Sample(double share, std::uint64_t seed) : share_(share), draw_(seed, Purpose::sample) {}
  [[nodiscard]] bool takes_customer(std::uint64_t row) const { return takes(row, 0); }
  [[nodiscard]] bool takes_itemset(std::uint64_t node) const { return takes(node, 1); }
  [[nodiscard]] bool takes_rule(std::uint64_t rule) const { return takes(rule, 2); }

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
  std::uint64_t rules = 0, rules_checked = 0;
  std::uint64_t rules_differ = 0;  ///< in the support of all items, of the antecedent or of the consequent
};

/// *Collective.* Intersects lists of customers along the paths of the result's itemset tree, and for both
/// sides of each rule. Memory of a rank: 4 bytes an item of a basket, as much again a level of the tree, some
/// MB of nodes, and the items of all rules. Throws InputError for a tree whose nodes have no parent or no
/// item, and for rules whose sides are no lists of items.
[[nodiscard]] SupportRecheck recheck_supports(Communicator const& comm, ResultReader const& reader,
                                              Baskets const& baskets, Sample const& sample);

}  // namespace tessera
