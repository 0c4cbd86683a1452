// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/comm/communicator.hpp"
#include "tessera/core/rational.hpp"
#include "tessera/data/baskets.hpp"
#include "tessera/itemset/mine.hpp"
#include "tessera/itemset/taxonomy.hpp"
#include "tessera/itemset/tree.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

/// Itemsets with their support in every segment, found by one search: an itemset stays in it while it is
/// frequent in any segment.
namespace tessera {

struct SegmentItemsetOptions {
  Share min_support = Share::of_count(1);  ///< of all baskets; a segment's minimum is in proportion to it
  std::uint64_t max_length = 65535;
  Parents parents{};  ///< [item_names] of the baskets; related items are in no itemset together. Empty: none
  std::vector<std::string> may_contain{};             ///< items that exist for mining; empty: all
  std::uint64_t max_memory = std::uint64_t{4} << 30;  ///< bytes a rank may spend
};

struct SegmentItemsets {
  /// Of all segments together. Every subset of a node is a node; what is frequent over the whole base is
  /// frequent in a segment, and so it is here too.
  ItemsetTree tree;
  std::vector<std::int64_t> size;         ///< [segments] baskets
  std::vector<std::int64_t> min_support;  ///< [segments] ceil(minimum over all baskets * size / baskets)
  std::vector<std::int64_t> support;      ///< row-major [nodes, segments]
  Parents parents;  ///< [tree.item_name] nearest ancestor that is there; empty without a taxonomy

  [[nodiscard]] std::size_t segments() const noexcept { return size.size(); }
  [[nodiscard]] std::span<std::int64_t const> of_node(std::uint64_t node) const noexcept {
    return std::span(support).subspan(node * segments(), segments());
  }
};

/// *Collective.* `segment` [rows] labels the baskets' rows with 0 ... segments - 1. The result is the same on
/// every rank. Customers stay on their rank as bit columns, a bit an item and customer, ordered by segment;
/// ranks add up 8 bytes a candidate and segment. Throws ConfigurationError for a minimum above the number of
/// baskets or an item that is none, ResourceError at the memory limit.
[[nodiscard]] SegmentItemsets mine_segments(Communicator const& comm, Baskets const& baskets,
                                            std::span<std::int32_t const> segment, std::uint64_t segments,
                                            SegmentItemsetOptions const& options);

struct BaseItemsets {
  ItemsetTree tree;
  Parents parents;  ///< [tree.item_name]; empty without a taxonomy
};

/// Local. The itemsets that are frequent over the whole base, as mine_itemsets finds them.
[[nodiscard]] BaseItemsets frequent_in_base(SegmentItemsets const& itemsets);

/// *Collective.* Itemsets over items with a taxonomy, in memory on every rank. Closed and maximal are judged
/// among the itemsets that are formed and at most one item longer than max_length. Throws ConfigurationError
/// as mine_itemsets, and for top_k; ResourceError for more than max_itemsets or at the memory limit.
[[nodiscard]] ItemsetResult mine_generalised(Communicator const& comm, Baskets const& baskets,
                                             Parents const& parents, ItemsetOptions const& options);

}  // namespace tessera
