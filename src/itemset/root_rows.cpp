// SPDX-License-Identifier: Apache-2.0
#include "root_rows.hpp"

#include <algorithm>

namespace tessera {

void index_cells(std::span<std::uint32_t const> cells, std::span<std::uint32_t> first,
                 std::span<std::uint32_t> where) {
  std::fill(first.begin(), first.end(), 0);
  for (auto const value : cells) {
    if (!cell::is_end(value)) ++first[value];
  }
  std::uint32_t before = 0;
  std::vector<std::uint32_t> next(first.size());
  for (std::size_t i = 0; i < first.size(); ++i) {
    auto const count = first[i];
    first[i] = next[i] = before;
    before += count;
  }
  for (std::size_t p = 0; p < cells.size(); ++p) {
    if (!cell::is_end(cells[p])) where[next[cells[p]]++] = static_cast<std::uint32_t>(p);
  }
}

}  // namespace tessera
