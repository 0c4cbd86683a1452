// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "class_search.hpp"
#include "engine.hpp"
#include "frequent_items.hpp"

/// Count distribution: customers stay on their rank. Ranks walk the same search (Miner) and agree on supports
/// batch by batch; the result is then on every rank.
namespace tessera {

class CountEngine final : public Engine {
 public:
  /// Local. The references outlive the engine.
  CountEngine(Communicator const& comm, Baskets const& baskets, FrequentItems const& items,
              SearchOptions options, Progress& progress, MemoryMeter& meter);

  [[nodiscard]] std::optional<UnitCounts> count(std::uint64_t min_support, std::uint64_t limit,
                                                Keep keep) override;
  void find(Sink const& sink) override;

 private:
  void mark();
  void drop_unwanted();

  Communicator const& comm_;
  Baskets const& baskets_;
  FrequentItems const& items_;
  SearchOptions options_;
  Progress& progress_;
  MemoryMeter& meter_;
  std::size_t begin_ = 0;  ///< first item that is frequent at the support counted last
  Units units_;
  UnitCounts counts_;
  ItemsetTree tree_;
};

}  // namespace tessera
