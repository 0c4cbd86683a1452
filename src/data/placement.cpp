// SPDX-License-Identifier: Apache-2.0
#include "tessera/data/placement.hpp"

#include <bit>

namespace tessera {

KeyBlocks::KeyBlocks(std::uint64_t rows) noexcept
    : bits_(static_cast<int>(
          std::bit_width((rows + kRowsPerBlock - 1) / kRowsPerBlock + (rows == 0 ? 1 : 0)) - 1)) {
  while (count() * kRowsPerBlock < rows) ++bits_;
}

KeyBlocks KeyBlocks::of_count(std::uint64_t blocks) noexcept {
  KeyBlocks out(0);
  out.bits_ = static_cast<int>(std::bit_width(blocks)) - 1;
  return out;
}

std::uint64_t Placement::first_block(int rank) const noexcept {
  return static_cast<std::uint64_t>(static_cast<unsigned __int128>(blocks_) *
                                    static_cast<std::uint64_t>(rank) / ranks_);
}

int Placement::rank_of(std::uint64_t block) const noexcept {
  // The largest rank r with floor(blocks * r / ranks) <= block.
  return static_cast<int>((static_cast<unsigned __int128>(block + 1) * ranks_ - 1) / blocks_);
}

}  // namespace tessera
