// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

/// Where long work may stop, and where it left off. The base class never stops and keeps nothing; `app` gives
/// one that does.
///
/// Work calls wish() on every rank at its safe points, adds the wishes up over the ranks (with its own
/// message, if it has one), and where the sum asks for something hands its state to keep(). The state is
/// what every rank knows alike; what ranks hold of it (labels, bounds) is computed again.
namespace tessera {

/// What ranks would do at a safe point, as counts of ranks, so that a sum over ranks is what all of them
/// wish.
struct Wish {
  std::uint64_t save = 0, stop = 0;
  [[nodiscard]] bool anything() const noexcept { return save + stop > 0; }
};

class Checkpoint {
 public:
  virtual ~Checkpoint() = default;
  /// Local. Cheap enough for every iteration.
  [[nodiscard]] virtual Wish wish() { return {}; }
  /// *Collective.* Keeps the state for a later run; throws Interrupted if `all`, the sum over ranks, says
  /// stop.
  virtual void keep(Wish const& all, std::span<std::byte const> state);
  /// Local. The state that an earlier run kept of this work; empty where there is none.
  [[nodiscard]] virtual std::span<std::byte const> kept() const { return {}; }
  /// Local. The shared one that never stops.
  static Checkpoint& none();
};

}  // namespace tessera
