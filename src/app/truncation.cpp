// SPDX-License-Identifier: Apache-2.0
#include "truncation.hpp"

#include "tessera/core/error.hpp"

#include <fmt/format.h>

namespace tessera {

void require_complete(ItemsetResult const& result, ItemsetOptions const& options) {
  if (!result.truncated) return;
  throw ResourceError(
      fmt::format("itemsets.max_memory = {} bytes was reached after {} itemsets at minimum support {}",
                  options.max_memory, result.itemsets, result.tree.min_support),
      "the result file holds only the itemsets found until then, and no rules",
      "raise itemsets.min_support, lower itemsets.max_length, or raise itemsets.max_memory");
}

}  // namespace tessera
