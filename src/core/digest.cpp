// SPDX-License-Identifier: Apache-2.0
#include "tessera/core/digest.hpp"

#include <cstring>

#include <sodium.h>

namespace tessera {

namespace {

template <std::size_t Size>
std::array<std::uint8_t, Size> blake2b(std::span<std::uint8_t const> first,
                                       std::span<std::byte const> second) {
  crypto_generichash_state state;
  crypto_generichash_init(&state, nullptr, 0, Size);
  crypto_generichash_update(&state, first.data(), first.size());
  crypto_generichash_update(&state, reinterpret_cast<unsigned char const*>(second.data()), second.size());
  std::array<std::uint8_t, Size> out;
  crypto_generichash_final(&state, out.data(), Size);
  return out;
}

}  // namespace

std::string hex(std::span<std::uint8_t const> bytes) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  text.reserve(2 * bytes.size());
  for (auto const byte : bytes) {
    text += kDigits[byte >> 4];
    text += kDigits[byte & 15];
  }
  return text;
}

Digest digest_of(std::span<std::byte const> bytes) {
  return blake2b<32>({}, bytes);
}

Digest digest_of(std::string_view text) {
  return digest_of(std::as_bytes(std::span(text)));
}

void BlockDigest::add(std::uint64_t number, std::span<std::byte const> bytes) {
  std::array<std::uint8_t, 8> prefix;
  std::memcpy(prefix.data(), &number, prefix.size());
  // seed = BLAKE2b-256(number || bytes), expanded to 2,048 bytes by BLAKE2b-512(counter || seed)
  auto const seed = blake2b<32>(prefix, bytes);
  constexpr std::size_t kPiece = 64;
  for (std::uint64_t counter = 0; counter < sizeof lanes_ / kPiece; ++counter) {
    std::memcpy(prefix.data(), &counter, prefix.size());
    auto const piece = blake2b<kPiece>(prefix, std::as_bytes(std::span(seed)));
    for (std::size_t i = 0; i < kPiece / 2; ++i) {
      std::uint16_t lane;
      std::memcpy(&lane, piece.data() + 2 * i, sizeof lane);
      auto& sum = lanes_[counter * kPiece / 2 + i];
      sum = static_cast<std::uint16_t>(sum + lane);
    }
  }
}

Digest BlockDigest::value() const {
  return digest_of(std::as_bytes(std::span(lanes_)));
}

}  // namespace tessera
