// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>

/// Distinct types for rows of the whole base and rows of one rank, so that the compiler refuses to mix them.
namespace tessera {

/// A customer's position in the global order; the same for every number of ranks.
struct GlobalRow {
  std::uint64_t value = 0;
  auto operator<=>(GlobalRow const&) const = default;
};

/// A customer's position among the rows of this rank.
struct LocalRow {
  std::size_t value = 0;
  auto operator<=>(LocalRow const&) const = default;
};

}  // namespace tessera
