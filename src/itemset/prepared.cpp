// SPDX-License-Identifier: Apache-2.0
#include "prepared.hpp"

#include "tessera/core/error.hpp"

#include <algorithm>
#include <bit>

namespace tessera {

std::uint64_t hash_of(std::span<std::uint32_t const> items) noexcept {
  std::uint64_t hash = items.size();
  for (auto const item : items) hash = std::rotl((hash ^ item) * 0x9E3779B97F4A7C15U, 29);
  return hash * 0x9E3779B97F4A7C15U;
}

void RowMerger::add(std::span<std::uint32_t const> items, std::uint64_t weight) {
  if (items.empty()) return;
  if (2 * (starts_.size() + 1) > table_.size()) grow();
  auto const mask = table_.size() - 1;
  for (auto slot = hash_of(items) >> 32U & mask;; slot = (slot + 1) & mask) {
    if (table_[slot] != 0) {
      auto const start = starts_[table_[slot] - 1];
      auto const* const row = cells_.data() + start;
      if (start + items.size() >= cells_.size() || !cell::is_end(row[items.size()]) ||
          !std::equal(items.begin(), items.end(), row))
        continue;
      auto& end = cells_[start + items.size()];
      auto const room = std::min<std::uint64_t>(weight, cell::kMaxWeight - cell::weight(end));
      end += static_cast<std::uint32_t>(room);
      weight -= room;
      if (weight > 0) continue;  // a weight too large for a cell goes on in another row
      return;
    }
    starts_.push_back(cells_.size());
    table_[slot] = static_cast<std::uint32_t>(starts_.size());
    auto const most = std::min<std::uint64_t>(weight, cell::kMaxWeight);
    cells_.insert(cells_.end(), items.begin(), items.end());
    cells_.push_back(cell::kEnd | static_cast<std::uint32_t>(most));
    weight -= most;
    if (weight == 0) return;
  }
}

void RowMerger::grow() {
  auto const slots = std::max<std::size_t>(1024, 2 * table_.size());
  if (slots > (std::size_t{1} << 32U)) throw std::bad_alloc();
  table_.assign(slots, 0);
  auto const mask = slots - 1;
  for (std::size_t r = 0; r < starts_.size(); ++r) {
    auto const start = starts_[r];
    auto end = start;
    while (!cell::is_end(cells_[end])) ++end;
    auto slot = hash_of(std::span(cells_).subspan(start, end - start)) >> 32U & mask;
    while (table_[slot] != 0) slot = (slot + 1) & mask;
    table_[slot] = static_cast<std::uint32_t>(r + 1);
  }
  charge_.resize(2 * cells_.size() * 4 + slots * (4 + 8));
}

std::vector<std::uint32_t> RowMerger::cells() && {
  return std::move(cells_);
}

std::vector<std::uint32_t> merge_baskets(Baskets const& baskets, std::span<std::int32_t const> rank_of,
                                         MemoryMeter& meter, std::size_t stride) {
  RowMerger merger(meter);
  std::vector<std::uint32_t> row;
  for (std::size_t r = 0; r < baskets.rows(); r += stride) {
    row.clear();
    for (auto const item : baskets.basket(LocalRow{r})) {
      auto const number = rank_of[static_cast<std::size_t>(item)];
      if (number >= 0) row.push_back(static_cast<std::uint32_t>(number));
    }
    std::sort(row.begin(), row.end());
    merger.add(row, 1);
  }
  return std::move(merger).cells();
}

}  // namespace tessera
