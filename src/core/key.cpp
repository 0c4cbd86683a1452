// SPDX-License-Identifier: Apache-2.0
#include "tessera/core/key.hpp"

#include "tessera/core/error.hpp"
#include "tessera/core/wipe.hpp"

#include <bit>
#include <charconv>
#include <cstring>

#include <sodium.h>

namespace tessera {

static_assert(std::endian::native == std::endian::little,
              "keys are assembled on little-endian machines only");

std::array<std::uint8_t, 16> Key::bytes() const noexcept {
  std::array<std::uint8_t, 16> out;
  std::uint64_t const big_endian[2] = {__builtin_bswap64(high), __builtin_bswap64(low)};
  std::memcpy(out.data(), big_endian, out.size());
  return out;
}

KeyHasher::~KeyHasher() {
  wipe(secret_.data(), secret_.size());
  wipe_stack();
}

void KeyHasher::forget() noexcept {
  wipe(secret_.data(), secret_.size());
  wipe_stack();
  forgotten_ = true;
}

std::span<std::uint8_t const, 32> KeyHasher::secret() const {
  if (forgotten_) throw BugError("an id is hashed with a key that was wiped");
  return secret_;
}

Key KeyHasher::operator()(std::string_view id) const {
  std::uint64_t digest[2];
  auto const key = secret();
  crypto_generichash(reinterpret_cast<unsigned char*>(digest), sizeof digest,
                     reinterpret_cast<unsigned char const*>(id.data()), id.size(), key.data(), key.size());
  return {__builtin_bswap64(digest[0]), __builtin_bswap64(digest[1])};
}

Key KeyHasher::of_ordinal(std::uint64_t ordinal) const {
  char text[20];
  auto const end = std::to_chars(text, text + sizeof text, ordinal).ptr;
  return (*this)(std::string_view(text, static_cast<std::size_t>(end - text)));
}

}  // namespace tessera
