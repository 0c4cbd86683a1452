// SPDX-License-Identifier: Apache-2.0
#include "frequent_items.hpp"

#include "tessera/comm/agree.hpp"
#include "tessera/comm/collectives.hpp"

#include <algorithm>
#include <utility>

namespace tessera {

std::size_t alive_items(FrequentItems const& items, std::uint64_t rows) {
  auto const end = std::find_if(items.support.begin(), items.support.end(),
                                [&](std::int64_t support) { return std::cmp_equal(support, rows); });
  return static_cast<std::size_t>(end - items.support.begin());
}

std::size_t first_frequent(FrequentItems const& items, std::uint64_t min_support) {
  auto const first = std::find_if(items.support.begin(), items.support.end(), [&](std::int64_t support) {
    return std::cmp_greater_equal(support, min_support);
  });
  return static_cast<std::size_t>(first - items.support.begin());
}

FrequentItems frequent_items(Communicator const& comm, Baskets const& baskets, std::uint64_t min_support,
                             std::span<std::uint8_t const> allowed) {
  auto support = together(comm, [&] {
    std::vector<std::int64_t> counts(baskets.item_names.size(), 0);
    for (auto const item : baskets.items) ++counts[static_cast<std::size_t>(item)];
    return counts;
  });
  all_reduce(comm, std::span(support), Reduce::sum);
  return together(comm, [&] {
    FrequentItems out;
    for (std::size_t i = 0; i < support.size(); ++i) {
      bool const is_allowed = allowed.empty() || allowed[i] != 0;
      if (is_allowed && std::cmp_greater_equal(support[i], min_support))
        out.item.push_back(static_cast<std::int32_t>(i));
    }
    auto const support_of = [&](std::int32_t item) { return support[static_cast<std::size_t>(item)]; };
    std::stable_sort(out.item.begin(), out.item.end(),
                     [&](std::int32_t a, std::int32_t b) { return support_of(a) < support_of(b); });
    out.rank_of.assign(support.size(), -1);
    for (std::size_t i = 0; i < out.item.size(); ++i) {
      out.support.push_back(support_of(out.item[i]));
      out.rank_of[static_cast<std::size_t>(out.item[i])] = static_cast<std::int32_t>(i);
    }
    return out;
  });
}

}  // namespace tessera
