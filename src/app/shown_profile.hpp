// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "segment_counts.hpp"

/// What people may see of a result's segments, by suppress_cells, and of a rule.
namespace tessera {

/// 1: may be shown.
struct ShownProfile {
  std::vector<std::uint8_t> segment;  ///< [segments]
  std::vector<std::uint8_t> item;     ///< [items] of the whole base
  std::vector<std::uint8_t> cell;     ///< [segments, items]
  std::vector<std::uint8_t> feature;  ///< [segments, features] means of them and what tells a mean
};

/// Local. Items "column=value" of one column, and features that are 1 for one of its values, are a table
/// together, if no segment has more of them than customers; any other is a table of its own, of those who
/// hold it and those who do not. Where centroids tell no count of a feature of 0 and 1, it is shown only if
/// no count is too small.
[[nodiscard]] ShownProfile shown_profile(SegmentCounts const& counts, std::int64_t min_cell);

/// Local. Whether one of the four groups that A => C makes of all customers has 1 to min_cell - 1 of them,
/// which the rule's numbers would tell.
[[nodiscard]] bool tells_small_group(std::int64_t customers, std::int64_t antecedent, std::int64_t consequent,
                                     std::int64_t both, std::int64_t min_cell) noexcept;

}  // namespace tessera
