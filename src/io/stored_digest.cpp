// SPDX-License-Identifier: Apache-2.0
#include "stored_digest.hpp"

#include "tessera/comm/collectives.hpp"
#include "tessera/kernel/blake2b.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <vector>

namespace tessera {

static_assert(std::endian::native == std::endian::little, "digests are taken of stored, little-endian bytes");

namespace {
/// Blocks hashed together: enough for every SIMD lane to be busy.
constexpr std::size_t kTogether = 64;
}  // namespace

void add_blocks(std::span<NumberedBlock const> blocks) {
  std::vector<Digest> seeds;
  std::vector<kernel::Blake2bJob> jobs;
  constexpr std::size_t kPiece = 64, kPieces = sizeof(std::uint16_t) * BlockDigest::kLanes / kPiece;
  std::vector<std::array<std::uint8_t, kPiece>> pieces;
  for (; !blocks.empty(); blocks = blocks.subspan(std::min(kTogether, blocks.size()))) {
    auto const now = blocks.first(std::min(kTogether, blocks.size()));
    seeds.resize(now.size());
    pieces.resize(now.size() * kPieces);
    jobs.clear();
    for (std::size_t b = 0; b < now.size(); ++b) jobs.push_back({now[b].number, now[b].bytes, seeds[b]});
    kernel::blake2b(jobs);
    jobs.clear();
    for (std::size_t p = 0; p < pieces.size(); ++p)
      jobs.push_back({p % kPieces, std::as_bytes(std::span(seeds[p / kPieces])), pieces[p]});
    kernel::blake2b(jobs);
    for (std::size_t p = 0; p < pieces.size(); ++p) {
      auto const lanes = now[p / kPieces].digest->lanes().subspan(p % kPieces * kPiece / 2, kPiece / 2);
      for (std::size_t i = 0; i < lanes.size(); ++i) {
        std::uint16_t lane;
        std::memcpy(&lane, pieces[p].data() + 2 * i, sizeof lane);
        lanes[i] = static_cast<std::uint16_t>(lanes[i] + lane);
      }
    }
  }
}

Digest combine(Communicator const& comm, BlockDigest digest) {
  all_reduce(comm, std::span<std::uint16_t>(digest.lanes()), Reduce::sum);
  return digest.value();
}

Digest digest_of_rows(Communicator const& comm, RowBlocks const& blocks, std::uint64_t row_bytes,
                      std::span<std::byte const> rows) {
  BlockDigest digest;
  std::vector<NumberedBlock> numbered;
  numbered.reserve(blocks.blocks());
  for (std::size_t block = 0; block < blocks.blocks(); ++block) {
    auto const first = blocks.offset[block], end = blocks.offset[block + 1];
    numbered.push_back(
        {&digest, blocks.first_block + block, rows.subspan(first * row_bytes, (end - first) * row_bytes)});
  }
  add_blocks(numbered);
  return combine(comm, digest);
}

void AttributeRecords::add(std::string const& object, std::string const& name, std::string_view value) {
  records_[{object, name}] = value;
}

void AttributeRecords::add(std::string const& object, std::string const& name, std::int64_t value) {
  add(object, name, std::string_view(std::to_string(value)));
}

void AttributeRecords::add(std::string const& object, std::string const& name, double value) {
  // The bits: a decimal form would have to be the same in every language.
  auto bytes = std::bit_cast<std::array<std::uint8_t, sizeof value>>(value);
  std::reverse(bytes.begin(), bytes.end());
  add(object, name, std::string_view(hex(bytes)));
}

Digest AttributeRecords::digest() const {
  std::string text;
  for (auto const& [key, value] : records_) {
    text.append(key.first).append(1, '\0').append(key.second).append(1, '\0').append(value).append(1, '\n');
  }
  return digest_of(text);
}

}  // namespace tessera
