// SPDX-License-Identifier: Apache-2.0
#include "mining_checks.hpp"

#include "tessera/core/error.hpp"
#include "tessera/core/nearest_name.hpp"

#include <algorithm>
#include <string>

#include <fmt/format.h>

namespace tessera {

namespace {

std::size_t number_of(Baskets const& baskets, std::string const& name, std::string const& key) {
  auto const found = std::find(baskets.item_names.begin(), baskets.item_names.end(), name);
  if (found != baskets.item_names.end()) return static_cast<std::size_t>(found - baskets.item_names.begin());
  throw ConfigurationError(fmt::format("itemsets.{} names '{}', which is no item", key, name),
                           "no itemset could hold it",
                           "correct the name; `tessera check` and /itemsets/item_name list items");
}

}  // namespace

void check_mining(Baskets const& baskets, ItemsetOptions const& options, std::uint64_t min_support) {
  if (min_support > baskets.blocks.total_rows) {
    throw ConfigurationError(fmt::format("itemsets.min_support = {} asks for {} of {} baskets",
                                         options.min_support.text(), min_support, baskets.blocks.total_rows),
                             "no itemset can be in more baskets than there are",
                             "lower itemsets.min_support to at most the number of baskets, or to a share");
  }
  if (options.max_length == 0) {
    throw ConfigurationError("itemsets.max_length = 0", "an itemset has at least one item",
                             "set itemsets.max_length to 1 or more");
  }
  if (options.min_length > options.max_length) {
    throw ConfigurationError(fmt::format("itemsets.min_length = {} is above itemsets.max_length = {}",
                                         options.min_length, options.max_length),
                             "no itemset could be reported",
                             "lower itemsets.min_length or raise itemsets.max_length");
  }
  if (options.must_contain.size() > options.max_length) {
    throw ConfigurationError(
        fmt::format("itemsets.must_contain has {} items, more than itemsets.max_length = {}",
                    options.must_contain.size(), options.max_length),
        "no itemset could be reported", "name fewer items or raise itemsets.max_length");
  }
  if (options.top_k > 0 && options.kind == ItemsetKind::maximal) {
    throw ConfigurationError(
        "itemsets.top_k with itemsets.kind = maximal",
        "which sets are maximal depends on the minimum support, so none are the best ones",
        "choose kind all or closed, or leave out top_k");
  }
  if (options.max_itemsets == 0) {
    throw ConfigurationError("itemsets.max_itemsets = 0", "nothing could be reported",
                             "set itemsets.max_itemsets to 1 or more");
  }
}

std::vector<std::uint8_t> allowed_items(Baskets const& baskets, ItemsetOptions const& options) {
  std::vector<std::uint8_t> allowed;
  if (!options.may_contain.empty()) {
    allowed.assign(baskets.item_names.size(), 0);
    for (auto const& name : options.may_contain) allowed[number_of(baskets, name, "may_contain")] = 1;
  }
  for (auto const& name : options.must_contain) {
    auto const number = number_of(baskets, name, "must_contain");
    if (allowed.empty() || allowed[number] != 0) continue;
    throw ConfigurationError(
        fmt::format("itemsets.must_contain names '{}', which itemsets.may_contain leaves out", name),
        "no itemset could be reported", "name it in both, or leave may_contain empty");
  }
  return allowed;
}

}  // namespace tessera
