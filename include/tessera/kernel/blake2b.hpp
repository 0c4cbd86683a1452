// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

/// BLAKE2b (RFC 7693, no key) of many messages at a time, one a SIMD lane: digests of stored blocks would
/// otherwise cost more than writing them. The same values as libsodium's, which hashes one after the other.
namespace tessera::kernel {

struct Blake2bJob {
  std::uint64_t number;  ///< the message is these 8 bytes, little-endian, and then
  std::span<std::byte const> bytes;
  std::span<std::uint8_t> digest;  ///< its size, 1 to 64, is part of what is hashed
};

/// Local. Fills the digests of all jobs.
void blake2b(std::span<Blake2bJob> jobs);

}  // namespace tessera::kernel
