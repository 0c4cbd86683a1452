// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/comm/communicator.hpp"
#include "tessera/core/progress.hpp"
#include "tessera/data/baskets.hpp"

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "found_tree.hpp"
#include "frequent_items.hpp"
#include "memory.hpp"
#include "projection.hpp"

/// The search for all frequent itemsets by prefix classes (Zaki, "Scalable algorithms for association
/// mining", 2000) over customers that stay on their rank. Ranks hold different baskets and walk the same
/// tree: they count the pairs of extensions of a batch of classes, add the counts in one reduction, and all
/// go on with what is frequent. What is sent depends on the itemsets examined, not on the number of
/// customers.
namespace tessera {

/// The itemsets of one prefix and one item more.
struct PrefixClass {
  std::shared_ptr<PrefixClass const>
      parent;                            ///< class that holds the prefix; released once the class is opened
  std::size_t position = 0;              ///< of the prefix' last item among the parent's extensions
  std::vector<std::int32_t> extensions;  ///< positions among the parent's extensions, ascending
  std::uint64_t first_node = 0;          ///< of the itemset with the first extension; the others follow it
  std::size_t length = 0;                ///< of the prefix
  std::int64_t projected_bytes = 0;      ///< about what `baskets` takes, over all ranks
  std::size_t next = 0;                  ///< first extension whose pairs are not counted yet
  // Once the class is opened, on this rank:
  std::shared_ptr<Projection const> baskets;  ///< of the prefix or of a shorter one
  std::vector<std::int32_t> path;             ///< columns of `baskets` for the rest of the prefix
  std::vector<std::int32_t> columns;          ///< of the extensions

  [[nodiscard]] std::size_t pairs_from(std::size_t extension) const noexcept {
    return extensions.size() - 1 - extension;
  }
};

class Miner {
 public:
  /// Local. Looks for itemsets up to `max_length` items. The references outlive the miner.
  Miner(Communicator const& comm, Baskets const& baskets, FrequentItems const& items,
        std::uint64_t min_support, std::uint64_t max_length, MemoryMeter& meter);

  /// *Collective.* False: there are more than `max_nodes`. Throws ResourceError at the memory limit.
  [[nodiscard]] bool run(std::uint64_t max_nodes, Progress& progress);

  [[nodiscard]] FoundTree const& found() const noexcept { return found_; }

 private:
  /// Extensions [first, last) of a class, whose pairs with later extensions are counted together.
  struct Unit {
    std::shared_ptr<PrefixClass> from;
    std::size_t first, last;
  };

  void push(std::shared_ptr<PrefixClass> opened);
  void report(Progress& progress) const;
  [[nodiscard]] std::vector<Unit> next_batch();
  void count(std::vector<Unit> const& batch);
  void open(PrefixClass& prefix_class);
  void expand(std::vector<Unit> const& batch);
  void add_children(std::shared_ptr<PrefixClass> const& parent, std::size_t a,
                    std::span<std::int64_t const> counts);

  Communicator const& comm_;
  Baskets const& baskets_;
  FrequentItems const& items_;
  std::int64_t min_support_;
  std::uint64_t max_length_;
  MemoryMeter& meter_;
  FoundTree found_;
  Charge working_;  ///< stack and counts
  std::vector<std::shared_ptr<PrefixClass>> stack_;
  std::uint64_t stacked_ = 0;         ///< bytes of the classes on the stack, without their baskets
  std::vector<std::int64_t> counts_;  ///< of the batch, unit by unit; then the number of ranks that must stop
  std::vector<std::int32_t> frequent_;  ///< extensions of the children being added
};

}  // namespace tessera
