// SPDX-License-Identifier: Apache-2.0
#include "tessera/core/random.hpp"

#include <array>

namespace tessera {

namespace {

std::uint32_t low(std::uint64_t value) noexcept {
  return static_cast<std::uint32_t>(value);
}
std::uint32_t high(std::uint64_t value) noexcept {
  return static_cast<std::uint32_t>(value >> 32);
}

std::array<std::uint32_t, 4> philox4x32_10(std::array<std::uint32_t, 4> counter,
                                           std::uint64_t seed) noexcept {
  constexpr std::uint64_t kMultiply0 = 0xD2511F53, kMultiply1 = 0xCD9E8D57;
  constexpr std::uint32_t kWeyl0 = 0x9E3779B9, kWeyl1 = 0xBB67AE85;
  std::uint32_t key0 = low(seed), key1 = high(seed);
  for (int round = 0; round < 10; ++round) {
    std::uint64_t const product0 = kMultiply0 * counter[0];
    std::uint64_t const product1 = kMultiply1 * counter[2];
    counter = {high(product1) ^ counter[1] ^ key0, low(product1), high(product0) ^ counter[3] ^ key1,
               low(product0)};
    key0 += kWeyl0;
    key1 += kWeyl1;
  }
  return counter;
}

}  // namespace

std::uint64_t Draw::bits(std::uint64_t row, std::uint32_t round) const noexcept {
  auto const out = philox4x32_10({low(row), high(row), static_cast<std::uint32_t>(purpose_), round}, seed_);
  return (static_cast<std::uint64_t>(out[1]) << 32) | out[0];
}

}  // namespace tessera
