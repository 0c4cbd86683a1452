// SPDX-License-Identifier: Apache-2.0
#include "digesting_source.hpp"

#include <algorithm>
#include <vector>

#include "huge_pages.hpp"
#include "stored_digest.hpp"

namespace tessera {

BlockRun own_blocks(ByteRange const& range, FileEntry const& file, std::uint64_t block_bytes) {
  auto const border = [&](std::uint64_t position) {
    return std::min((position + block_bytes - 1) / block_bytes * block_bytes, file.bytes);
  };
  return {border(range.begin), border(range.end)};
}

void add_consecutive(BlockDigest& digest, std::uint64_t first_number, std::span<char const> bytes,
                     std::size_t block_bytes) {
  constexpr std::size_t kWorthLanes = 3;  // all lanes take as long as two or three blocks one after the other
  std::vector<NumberedBlock> blocks;
  for (std::uint64_t number = first_number; !bytes.empty(); ++number) {
    auto const block = bytes.first(std::min(block_bytes, bytes.size()));
    blocks.push_back({&digest, number, std::as_bytes(block)});
    bytes = bytes.subspan(block.size());
  }
  if (blocks.size() >= kWorthLanes) {
    add_blocks(blocks);
  } else {
    for (auto const& block : blocks) digest.add(block.number, block.bytes);
  }
}

DigestingSource::DigestingSource(FileEntry const& file, std::size_t block_bytes, BlockDigest& digest)
    : raw_(open_raw(file)),
      block_bytes_(block_bytes),
      digest_(digest),
      capacity_(std::min<std::uint64_t>(file.bytes, kDigestBlocksTogether * block_bytes)),
      buffer_(std::make_unique_for_overwrite<char[]>(capacity_)) {
  advise_huge_pages(buffer_.get(), capacity_);
}

std::size_t DigestingSource::read(std::span<char> into) {
  std::size_t filled = 0;
  while (filled < into.size() && (!held_.empty() || refill())) {
    std::size_t const taken = std::min(into.size() - filled, held_.size());
    std::copy_n(held_.begin(), taken, into.begin() + static_cast<std::ptrdiff_t>(filled));
    held_ = held_.subspan(taken);
    filled += taken;
  }
  return filled;
}

bool DigestingSource::refill() {
  held_ = {buffer_.get(), raw_->read({buffer_.get(), capacity_})};
  add_consecutive(digest_, next_block_, held_, block_bytes_);
  next_block_ += kDigestBlocksTogether;
  return !held_.empty();
}

}  // namespace tessera
