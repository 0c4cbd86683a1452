// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tessera/core/key.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

/// Keys of many ids at a time, one a SIMD lane, with the block of the secret (RFC 7693, section 3.3) hashed
/// once for all. The same keys as KeyHasher's, which hashes one id after the other.
namespace tessera::kernel {

class KeyLanes {
 public:
  explicit KeyLanes(KeyHasher const& hasher);
  /// Wipes what the secret was made into.
  ~KeyLanes();
  KeyLanes(KeyLanes const&) = delete;
  KeyLanes& operator=(KeyLanes const&) = delete;

  /// Local. keys[i] = the key of ids[i].
  void hash(std::span<std::string_view const> ids, std::span<Key> keys) const;

 private:
  KeyHasher one_;                       // for ids without a byte, or of more than a block
  std::array<std::uint64_t, 8> state_;  // behind the block of the secret
};

}  // namespace tessera::kernel
