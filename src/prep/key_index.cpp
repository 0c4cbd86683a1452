// SPDX-License-Identifier: Apache-2.0
#include "key_index.hpp"

#include "tessera/core/error.hpp"

#include <fmt/format.h>

namespace tessera::detail {

KeyIndex::KeyIndex(std::span<Key const> keys, RowBlocks const& blocks)
    : keys_(keys), blocks_(blocks), key_blocks_(KeyBlocks::of_count(blocks.total_blocks)) {
  if (keys.size() < kNotThere) return;
  throw ResourceError(fmt::format("{} rows are placed on one rank", keys.size()),
                      "rows of other tables are joined by 32-bit row numbers of a rank", "use more ranks");
}

LocatedKeys KeyIndex::locate(std::span<Key const> keys) const {
  LocatedKeys out;
  out.offset.assign(blocks_.blocks() + 1, 0);
  std::vector<std::uint32_t> block_of;
  block_of.reserve(keys.size());
  for (auto const& key : keys) {
    auto const block = static_cast<std::uint32_t>(key_blocks_.of(key) - blocks_.first_block);
    block_of.push_back(block);
    ++out.offset[block + 1];
  }
  for (std::size_t b = 1; b < out.offset.size(); ++b) out.offset[b] += out.offset[b - 1];
  std::vector<std::size_t> next(out.offset.begin(), out.offset.end() - 1);
  out.order.resize(keys.size());
  std::vector<Key> ordered(keys.size());
  for (std::uint32_t i = 0; i < keys.size(); ++i) {
    std::size_t const at = next[block_of[i]]++;
    out.order[at] = i;
    ordered[at] = keys[i];
  }

  out.row.reserve(keys.size());
  for (std::size_t b = 0; b + 1 < out.offset.size(); ++b) {
    for (std::size_t i = out.offset[b]; i < out.offset[b + 1]; ++i) out.row.push_back(locate(ordered[i], b));
  }
  return out;
}

/// Keys are hashes, spread evenly over their block: the guess is off by about a third of the square root of
/// the block's rows.
std::uint32_t KeyIndex::locate(Key const& key, std::size_t block) const noexcept {
  std::size_t const begin = blocks_.offset[block], end = blocks_.offset[block + 1];
  auto const ahead = static_cast<std::size_t>(
      (static_cast<unsigned __int128>(key_blocks_.within(key)) * (end - begin)) >> 64);
  std::size_t at = begin + ahead;
  while (at > begin && keys_[at - 1].high >= key.high) --at;
  while (at < end && keys_[at] < key) ++at;
  return at < end && keys_[at] == key ? static_cast<std::uint32_t>(at) : kNotThere;
}

}  // namespace tessera::detail
