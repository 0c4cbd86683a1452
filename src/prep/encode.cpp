// SPDX-License-Identifier: Apache-2.0
#include "encode.hpp"

#include "tessera/comm/collectives.hpp"

#include <algorithm>
#include <numeric>

#include "category_codes.hpp"

namespace tessera::detail {

CategoryValues category_shares(Communicator const& comm, CategoryColumn const& column) {
  auto const counts = category_counts(comm, column);
  auto const all = static_cast<double>(std::accumulate(counts.begin(), counts.end(), std::uint64_t{0}));
  CategoryValues out{column.categories, {}};
  for (auto const count : counts) out.value.push_back(static_cast<double>(count) / all);
  return out;
}

std::vector<double> frequencies(CategoryColumn const& column, CategoryValues const& shares) {
  std::vector<double> out;
  out.reserve(column.codes.size());
  for (auto const code : column.codes) {
    out.push_back(code == kMissingCode ? kMissingNumber : shares.value[static_cast<std::size_t>(code)]);
  }
  return out;
}

std::vector<double> ones_of(CategoryColumn const& column, std::size_t category) {
  std::vector<double> out;
  out.reserve(column.codes.size());
  auto const wanted = static_cast<std::int32_t>(category);
  for (auto const code : column.codes) out.push_back(code == wanted ? 1.0 : 0.0);
  return out;
}

Chosen choose_categories(Communicator const& comm, CategoryColumn const& column, FeatureSpec const& spec) {
  auto const counts = category_counts(comm, column);
  auto const customers =
      static_cast<double>(all_reduce(comm, static_cast<std::uint64_t>(column.codes.size()), Reduce::sum));
  std::vector<std::size_t> order(counts.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return counts[a] > counts[b]; });
  Chosen out;
  for (auto const category : order) {
    if (counts[category] == 0) break;  // a value of rows that were repetitions of an id, and all after it
    bool const frequent = static_cast<double>(counts[category]) / customers >= spec.min_share;
    if (frequent && out.categories.size() < spec.max_categories) {
      out.categories.push_back(category);
    } else {
      ++out.left_out;
      out.customers += counts[category];
    }
  }
  std::sort(out.categories.begin(), out.categories.end());
  return out;
}

}  // namespace tessera::detail
