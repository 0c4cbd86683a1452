// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/data/row_blocks.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace tessera {

/// The items of every customer, distributed by customers (compressed rows).
struct Baskets {
  RowBlocks blocks;
  std::vector<std::size_t> offset{0};   ///< [rows + 1] into `items`
  std::vector<std::int32_t> items;      ///< ascending and distinct within a basket; indices into item_names
  std::vector<std::string> item_names;  ///< the same on every rank; distinct

  [[nodiscard]] std::size_t rows() const noexcept { return offset.size() - 1; }
  [[nodiscard]] std::span<std::int32_t const> basket(LocalRow r) const noexcept {
    return std::span(items).subspan(offset[r.value], offset[r.value + 1] - offset[r.value]);
  }
};

}  // namespace tessera
