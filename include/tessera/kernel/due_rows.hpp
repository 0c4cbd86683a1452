// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace tessera {

/// Rows that share a block deadline.
inline constexpr std::size_t kDueBlock = 16;
/// What due_rows may write beyond the rows that it lists.
inline constexpr std::size_t kDuePadding = 16;

/// Deadlines of rows, each on the clock of the row's segment.
struct Deadlines {
  std::span<std::int32_t const> segment;  ///< [n]
  std::span<float const> row;             ///< [n]
  /// [n / kDueBlock, rounded up] On the clock that is the fastest: before it no row of the block is due.
  /// due_rows updates it.
  std::span<float> block;
};

/// Local. Lists, ascending, the rows whose deadline has come: clock[segment[i]] >= deadline[i], or no
/// difference to tell (a NaN, or both infinite). `fastest` has moved at least as far as any of the clocks
/// whenever they moved. listed: room for n + kDuePadding. Returns how many rows are listed.
[[nodiscard]] std::size_t due_rows(Deadlines const& deadlines, std::span<float const> clock, float fastest,
                                   std::uint32_t* listed);

}  // namespace tessera
