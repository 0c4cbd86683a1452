// SPDX-License-Identifier: Apache-2.0
#include "truncation.hpp"

#include "tessera/core/error.hpp"

#include <fmt/format.h>

namespace tessera {

void require_complete(ItemsetSummary const& summary, ItemsetOptions const& options) {
  if (!summary.truncated) return;
  throw ResourceError(
      fmt::format("itemsets.max_itemsets = {} itemsets are not enough at minimum support {}: they fit from "
                  "{} on",
                  options.max_itemsets, options.min_support.text(), summary.min_support),
      fmt::format("the result file holds the {} itemsets at support {}, and no rules", summary.itemsets,
                  summary.min_support),
      fmt::format("set itemsets.min_support to {} or more, lower itemsets.max_length, or raise "
                  "itemsets.max_itemsets",
                  summary.min_support));
}

}  // namespace tessera
