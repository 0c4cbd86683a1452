// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

/// What people may see of a result's segments, by suppress_cells, and of a rule.
namespace tessera {

/// 1: may be shown.
struct ShownProfile {
  std::vector<std::uint8_t> segment;  ///< [segments]
  std::vector<std::uint8_t> item;     ///< [items] of the whole base
  std::vector<std::uint8_t> cell;     ///< [segments, items]
};

/// Local. `support`: customers by segment and item, row-major. Items "column=value" of one column are a table
/// together, if no segment has more of them than customers; any other item is a table of its own, of those
/// who hold it and those who do not.
[[nodiscard]] ShownProfile shown_profile(std::span<std::int64_t const> size,
                                         std::vector<std::string> const& items,
                                         std::span<std::int64_t const> support, std::int64_t min_cell);

/// Local. Whether one of the four groups that A => C makes of all customers has 1 to min_cell - 1 of them,
/// which the rule's numbers would tell.
[[nodiscard]] bool tells_small_group(std::int64_t customers, std::int64_t antecedent, std::int64_t consequent,
                                     std::int64_t both, std::int64_t min_cell) noexcept;

}  // namespace tessera
