// SPDX-License-Identifier: Apache-2.0
#include "category_codes.hpp"

#include "tessera/comm/collectives.hpp"

#include <algorithm>
#include <span>
#include <utility>

namespace tessera::detail {

std::vector<std::uint64_t> category_counts(Communicator const& comm, CategoryColumn const& column) {
  std::vector<std::uint64_t> counts(column.categories.size());
  for (auto const code : column.codes) {
    if (code != kMissingCode) ++counts[static_cast<std::size_t>(code)];
  }
  all_reduce(comm, std::span(counts), Reduce::sum);
  return counts;
}

std::uint64_t rename_categories(CategoryColumn& column,
                                std::vector<std::optional<std::string>> const& renamed) {
  if (std::equal(renamed.begin(), renamed.end(), column.categories.begin(), column.categories.end()))
    return 0;
  std::vector<std::string> categories;
  for (auto const& value : renamed) {
    if (value) categories.push_back(*value);
  }
  std::sort(categories.begin(), categories.end());
  categories.erase(std::unique(categories.begin(), categories.end()), categories.end());

  std::vector<std::int32_t> codes(renamed.size(), kMissingCode);
  std::vector<char> changes(renamed.size());
  for (std::size_t old = 0; old < renamed.size(); ++old) {
    changes[old] = renamed[old] != column.categories[old] ? 1 : 0;
    if (!renamed[old]) continue;
    auto const place = std::lower_bound(categories.begin(), categories.end(), *renamed[old]);
    codes[old] = static_cast<std::int32_t>(place - categories.begin());
  }
  std::uint64_t changed = 0;
  for (auto& code : column.codes) {
    if (code == kMissingCode) continue;
    auto const old = static_cast<std::size_t>(code);
    changed += static_cast<std::uint64_t>(changes[old]);
    code = codes[old];
  }
  column.categories = std::move(categories);
  return changed;
}

}  // namespace tessera::detail
