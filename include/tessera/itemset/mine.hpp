// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/comm/communicator.hpp"
#include "tessera/core/progress.hpp"
#include "tessera/core/rational.hpp"
#include "tessera/data/baskets.hpp"
#include "tessera/itemset/tree.hpp"

#include <cstdint>

/// Frequent itemsets over the baskets of all ranks, with exact supports.
namespace tessera {

enum class ItemsetKind { all, closed, maximal };

struct ItemsetOptions {
  Share min_support = Share::of_count(1);
  ItemsetKind kind = ItemsetKind::all;
  std::uint64_t max_length = 65535;                   ///< items
  std::uint64_t max_memory = std::uint64_t{4} << 30;  ///< bytes a rank may spend on mining and its result
};

struct ItemsetResult {
  /// All frequent itemsets up to max_length; `reported` marks those of the kind asked for. Closed: no
  /// superset of any length has the same support. Maximal: no superset of any length is frequent. The same on
  /// every rank.
  ItemsetTree tree;
  std::uint64_t itemsets = 0;  ///< reported ones
  /// Memory ran out on some rank: the tree holds exact supports, but only of what was found until then; its
  /// itemsets are closed or maximal as far as what was found shows. How far that is depends on the number of
  /// ranks.
  bool truncated = false;
  std::uint64_t memory = 0;  ///< bytes at the high-water mark by the miner's estimate, the maximum over ranks
};

/// *Collective.* Throws ConfigurationError for a minimum support above the number of baskets or max_length 0,
/// and ResourceError where the baskets of one rank hold more than 2^32 frequent items.
[[nodiscard]] ItemsetResult mine_itemsets(Communicator const& comm, Baskets const& baskets,
                                          ItemsetOptions const& options,
                                          Progress& progress = Progress::silent());

}  // namespace tessera
