// SPDX-License-Identifier: Apache-2.0
#include "stored_digest.hpp"

#include "tessera/comm/collectives.hpp"

#include <algorithm>
#include <array>
#include <bit>

namespace tessera {

static_assert(std::endian::native == std::endian::little, "digests are taken of stored, little-endian bytes");

Digest combine(Communicator const& comm, BlockDigest digest) {
  all_reduce(comm, std::span<std::uint16_t>(digest.lanes()), Reduce::sum);
  return digest.value();
}

Digest digest_of_rows(Communicator const& comm, RowBlocks const& blocks, std::uint64_t row_bytes,
                      std::span<std::byte const> rows) {
  BlockDigest digest;
  for (std::size_t block = 0; block < blocks.blocks(); ++block) {
    auto const first = blocks.offset[block], end = blocks.offset[block + 1];
    digest.add(blocks.first_block + block, rows.subspan(first * row_bytes, (end - first) * row_bytes));
  }
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
