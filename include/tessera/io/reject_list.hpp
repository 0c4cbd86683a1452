// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/data/rejects.hpp"

#include <cstdint>
#include <span>
#include <vector>

/// The rejects of one rank, all counted, but listed only up to a number: a table that is bad from end to end
/// must not fill the memory.
namespace tessera {

class RejectList {
 public:
  /// `most`: how many are listed, the first in file order.
  explicit RejectList(std::uint64_t most) : most_(most) {}

  /// Local. Adds rejects, which are in file order among themselves.
  void add(std::span<Reject const> rejects);

  [[nodiscard]] std::uint64_t count() const noexcept { return count_; }
  [[nodiscard]] std::uint64_t most() const noexcept { return most_; }
  /// In file order.
  [[nodiscard]] std::vector<Reject>& listed() noexcept { return listed_; }

 private:
  std::uint64_t most_, count_ = 0;
  std::vector<Reject> listed_;
};

}  // namespace tessera
