// SPDX-License-Identifier: Apache-2.0
#include "impute_by_group.hpp"

#include "tessera/comm/agree.hpp"
#include "tessera/stats/quantiles.hpp"

#include <array>
#include <cmath>
#include <cstddef>
#include <vector>

namespace tessera::detail {

namespace {

/// Values present, group after group.
struct Dealt {
  std::vector<std::size_t> offset;  // [groups + 1]
  std::vector<double> values;
};

Dealt deal(CategoryColumn const& groups, std::span<double const> values) {
  Dealt out;
  out.offset.resize(groups.categories.size() + 1);
  auto const counts = [&](std::size_t row) {
    return groups.codes[row] != kMissingCode && !std::isnan(values[row]);
  };
  for (std::size_t row = 0; row < values.size(); ++row) {
    if (counts(row)) ++out.offset[static_cast<std::size_t>(groups.codes[row]) + 1];
  }
  for (std::size_t g = 1; g < out.offset.size(); ++g) out.offset[g] += out.offset[g - 1];
  out.values.resize(out.offset.back());
  auto place = out.offset;
  for (std::size_t row = 0; row < values.size(); ++row) {
    if (counts(row)) out.values[place[static_cast<std::size_t>(groups.codes[row])]++] = values[row];
  }
  return out;
}

}  // namespace

CategoryValues impute_by_group(Communicator const& comm, CategoryColumn const& groups,
                               std::span<double> values) {
  auto const dealt = together(comm, [&] { return deal(groups, values); });
  std::vector<double> median;
  CategoryValues out;
  for (std::size_t g = 0; g < groups.categories.size(); ++g) {
    auto const of_group =
        std::span(dealt.values).subspan(dealt.offset[g], dealt.offset[g + 1] - dealt.offset[g]);
    median.push_back(quantiles(comm, of_group, std::array{0.5}).front());
    if (std::isnan(median.back())) continue;
    out.category.push_back(groups.categories[g]);
    out.value.push_back(median.back());
  }
  for (std::size_t row = 0; row < values.size(); ++row) {
    if (std::isnan(values[row]) && groups.codes[row] != kMissingCode)
      values[row] = median[static_cast<std::size_t>(groups.codes[row])];
  }
  return out;
}

}  // namespace tessera::detail
