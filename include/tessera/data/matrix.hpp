// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/data/row_blocks.hpp"

#include <cstddef>
#include <span>
#include <vector>

namespace tessera {

/// A dense matrix, distributed by rows.
template <class T>
struct Matrix {
  RowBlocks blocks;
  std::size_t columns = 0;
  std::vector<T> values;  ///< row-major [rows, columns] of this rank

  [[nodiscard]] std::size_t rows() const noexcept { return blocks.rows(); }
  [[nodiscard]] std::span<T const> row(LocalRow r) const noexcept {
    return std::span(values).subspan(r.value * columns, columns);
  }
  [[nodiscard]] std::span<T> row(LocalRow r) noexcept {
    return std::span(values).subspan(r.value * columns, columns);
  }
};

}  // namespace tessera
