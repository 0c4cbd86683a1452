// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/itemset/mine.hpp"

#include <cstdint>
#include <vector>

/// Whether options make sense on the baskets at hand.
namespace tessera {

/// Local. Throws ConfigurationError.
void check_mining(Baskets const& baskets, ItemsetOptions const& options, std::uint64_t min_support);

/// Local. [item_names] may the item be mined? Empty: all may. Throws ConfigurationError for a name in
/// may_contain or must_contain that is no item, or that must but may not be contained.
[[nodiscard]] std::vector<std::uint8_t> allowed_items(Baskets const& baskets, ItemsetOptions const& options);

}  // namespace tessera
