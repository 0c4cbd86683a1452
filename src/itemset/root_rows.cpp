// SPDX-License-Identifier: Apache-2.0
#include "root_rows.hpp"

namespace tessera {

CellIndex index_cells(std::span<std::uint32_t const> cells, std::size_t items) {
  CellIndex out;
  out.first.assign(items + 2, 0);
  // first[i + 2] counts, then first[i + 1] is where the next place of item i goes, and at last its end.
  for (auto const value : cells) {
    if (!cell::is_end(value)) ++out.first[value + 2];
  }
  for (std::size_t i = 2; i < out.first.size(); ++i) out.first[i] += out.first[i - 1];
  out.where.resize(out.first.back());
  for (std::size_t p = 0; p < cells.size(); ++p) {
    if (!cell::is_end(cells[p])) out.where[out.first[cells[p] + 1]++] = static_cast<std::uint32_t>(p);
  }
  out.first.pop_back();
  return out;
}

}  // namespace tessera
