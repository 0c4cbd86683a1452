// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/comm/communicator.hpp"
#include "tessera/core/progress.hpp"
#include "tessera/core/rational.hpp"
#include "tessera/data/baskets.hpp"
#include "tessera/itemset/tree.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

/// Frequent itemsets over the baskets of all ranks, with exact supports.
namespace tessera {

enum class ItemsetKind { all, closed, maximal };

/// How ranks share the work. The result is the same.
enum class Distribution {
  automatic,  ///< tasks, if the prepared baskets fit a node's memory
  count,      ///< customers stay where they are; ranks agree on supports
  task,       ///< the prepared baskets are on each node once; ranks take classes of itemsets
};

struct ItemsetOptions {
  Share min_support = Share::of_count(1);
  ItemsetKind kind = ItemsetKind::all;
  std::uint64_t min_length = 1, max_length = 65535;  ///< items of a reported itemset
  std::vector<std::string> must_contain{};           ///< items that every reported itemset holds
  std::vector<std::string> may_contain{};  ///< items that exist for mining; empty: all. What is closed or
                                           ///< maximal is judged among them
  std::uint64_t top_k = 0;  ///< above 0: only the k best by support, and all that tie with the k-th
  std::uint64_t max_itemsets =
      100'000'000;  ///< reported; beyond it the minimum support is raised until they fit
  Distribution distribution = Distribution::automatic;
  std::uint64_t max_memory = std::uint64_t{4} << 30;  ///< bytes a rank may spend on mining
};

/// What was found, without the itemsets themselves.
struct ItemsetSummary {
  std::uint64_t rows = 0;  ///< baskets over all ranks
  /// As a count: what was asked for, unless top_k or max_itemsets raised it.
  std::uint64_t min_support = 0;
  std::vector<std::string> item_name;  ///< frequent items in canonical order (ItemsetTree)
  std::uint64_t nodes = 0, itemsets = 0;
  /// There are more than max_itemsets at the support asked for: these are all at `min_support`, the smallest
  /// at which they fit.
  bool truncated = false;
  Distribution distribution = Distribution::task;
  std::string why;           ///< this distribution, in words for a log
  std::uint64_t memory = 0;  ///< bytes at the high-water mark by the miner's estimate, the maximum over ranks
  std::vector<std::uint64_t> block_offset{0};  ///< [blocks + 1] first node of each block
};

/// Consecutive nodes of the tree; see ItemsetTree.
struct Nodes {
  std::span<std::uint16_t const> depth;
  std::span<std::int32_t const> item;
  std::span<std::int64_t const> support;
  std::span<std::uint8_t const> reported;

  [[nodiscard]] std::size_t size() const noexcept { return depth.size(); }
};

/// A search for itemsets: counted first, so that it is known where each one goes, and then found, by
/// whichever rank, to be handed on at once. The tree is never in memory as a whole. It holds the reported
/// itemsets and their prefixes.
class ItemsetSearch {
 public:
  /// What comes after counting. To find after `nothing` is allowed, and slower.
  enum class Then { find, nothing };

  /// *Collective.* Throws ConfigurationError for options that make no sense on these baskets. `baskets` and
  /// `progress` outlive the search.
  ItemsetSearch(Communicator const& comm, Baskets const& baskets, ItemsetOptions const& options, Then then,
                Progress& progress = Progress::silent());
  /// *Collective.*
  ~ItemsetSearch();
  ItemsetSearch(ItemsetSearch&&) noexcept;
  ItemsetSearch& operator=(ItemsetSearch&&) = delete;

  [[nodiscard]] ItemsetSummary const& summary() const noexcept;

  /// Takes `blocks` blocks from block `first` on.
  using Sink = std::function<void(std::uint64_t first, std::uint64_t blocks, Nodes const&)>;
  /// *Collective.* Each block goes to the sink of the rank that found it. Once.
  void find(Sink const& sink);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

struct ItemsetResult {
  ItemsetTree tree;  ///< the same on every rank
  std::uint64_t itemsets = 0;
  bool truncated = false;
  std::uint64_t memory = 0;
};

/// *Collective.* The same in memory, on every rank, for results of moderate size.
[[nodiscard]] ItemsetResult mine_itemsets(Communicator const& comm, Baskets const& baskets,
                                          ItemsetOptions const& options,
                                          Progress& progress = Progress::silent());

}  // namespace tessera
