// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "engine.hpp"
#include "frequent_items.hpp"
#include "memory.hpp"

/// Which distribution mines, and why.
namespace tessera {

struct ChosenEngine {
  std::unique_ptr<Engine> engine;
  Distribution distribution;
  std::string why;
};

/// *Collective.* Prepares the baskets. The references outlive the engine.
[[nodiscard]] ChosenEngine choose_engine(Communicator const& comm, Baskets const& baskets,
                                         FrequentItems const& items, ItemsetOptions const& options,
                                         Progress& progress, MemoryMeter& meter);

}  // namespace tessera
