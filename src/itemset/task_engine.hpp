// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/comm/node_memory.hpp"

#include <map>
#include <memory>

#include "class_search.hpp"
#include "engine.hpp"
#include "frequent_items.hpp"

/// Task distribution: each node has all prepared baskets once, and its ranks take units from a queue of all
/// ranks.
namespace tessera {

class TaskEngine final : public Engine {
 public:
  /// *Collective.* `merged`: this rank's baskets (merge_baskets). The references outlive the engine.
  TaskEngine(Communicator const& comm, std::vector<std::uint32_t> merged, FrequentItems const& items,
             std::uint64_t rows, SearchOptions options, Progress& progress, MemoryMeter& meter);

  [[nodiscard]] std::optional<UnitCounts> count(std::uint64_t min_support, std::uint64_t limit,
                                                Keep keep) override;
  void find(Sink const& sink) override;

 private:
  /// The nodes of a unit, kept from counting until they are wanted.
  struct Kept {
    Charge charge;
    std::vector<std::uint16_t> depth;
    std::vector<std::int32_t> item;
    std::vector<std::int64_t> support;
    std::vector<std::uint8_t> reported;
  };

  void count_unit(ClassSearch& search, std::size_t unit, std::uint64_t limit, UnitCounts& counts);
  void search_unit(ClassSearch& search, std::size_t unit) const;
  void keep(std::size_t unit);
  void tell(std::size_t done);

  Communicator const& comm_;
  FrequentItems const& items_;
  std::vector<std::int64_t> const& supports_;
  Progress& progress_;
  MemoryMeter& meter_;
  SearchOptions options_;
  std::optional<NodeMemory> cells_, first_, where_;
  RootRows root_;
  NodeBuffer buffer_;
  Charge shared_;          ///< this rank's share of what the node holds
  std::size_t begin_ = 0;  ///< first item that is frequent at the support counted last
  Units units_;
  UnitCounts counts_;
  std::map<std::size_t, Kept> kept_;  ///< by unit, of this rank
  std::uint64_t kept_bytes_ = 0, max_kept_bytes_ = 0;
};

/// *Collective.* Merges equal baskets of different ranks: each is sent to one.
[[nodiscard]] std::vector<std::uint32_t> merge_over_ranks(Communicator const& comm,
                                                          std::vector<std::uint32_t> merged,
                                                          MemoryMeter& meter);

}  // namespace tessera
