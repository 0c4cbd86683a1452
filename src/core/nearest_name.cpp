// SPDX-License-Identifier: Apache-2.0
#include "tessera/core/nearest_name.hpp"

#include <algorithm>
#include <numeric>
#include <vector>

namespace tessera {

namespace {

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row[0]++;
    for (std::size_t j = 0; j < b.size(); ++j) {
      std::size_t const substituted = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({substituted, row[j] + 1, diagonal + 1});
    }
  }
  return row.back();
}

}  // namespace

std::string nearest_name(std::string_view name, std::span<std::string const> candidates) {
  auto const nearest = std::min_element(
      candidates.begin(), candidates.end(),
      [&](auto const& a, auto const& b) { return edit_distance(name, a) < edit_distance(name, b); });
  return nearest == candidates.end() ? std::string() : *nearest;
}

}  // namespace tessera
