// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/itemset/mine.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

/// What both distributions do: count the itemsets of each unit, then find them.
namespace tessera {

/// Frequent items are cut into runs, the units that work is shared and counted by: the itemsets whose first
/// item is in the run, consecutive in the tree. Few enough to keep a number for each on every rank.
struct Units {
  std::vector<std::int32_t> first;  ///< [units + 1] item

  [[nodiscard]] std::size_t size() const noexcept { return first.size() - 1; }
};

/// Local. For items from `begin` on, with these supports (canonical order).
[[nodiscard]] Units make_units(std::span<std::int64_t const> supports, std::size_t begin);

struct UnitCounts {
  std::vector<std::uint64_t> nodes, reported;  ///< [units]
};

/// Whether what is found while counting may be kept for `find`.
enum class Keep { nothing, what_fits };

class Engine {
 public:
  virtual ~Engine() = default;

  /// *Collective.* Counts the itemsets of each unit at this support, no less than the one that items were
  /// chosen with. None: there are more than `limit` reported ones.
  [[nodiscard]] virtual std::optional<UnitCounts> count(std::uint64_t min_support, std::uint64_t limit,
                                                        Keep keep) = 0;

  /// Takes nodes of a unit, whose place is `first` among its nodes; items are numbered from the first
  /// frequent one on. Pieces begin where blocks do.
  using Sink = std::function<void(std::size_t unit, std::uint64_t first, Nodes const&)>;
  /// *Collective.* The itemsets that were counted last.
  virtual void find(Sink const& sink) = 0;
};

}  // namespace tessera
