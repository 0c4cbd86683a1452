// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

/// Checksums of what is stored.
namespace tessera {

using Digest = std::array<std::uint8_t, 32>;

/// Local. Lower-case hexadecimal.
[[nodiscard]] std::string hex(std::span<std::uint8_t const> bytes);

/// Local. BLAKE2b-256 of some bytes.
[[nodiscard]] Digest digest_of(std::span<std::byte const> bytes);
[[nodiscard]] Digest digest_of(std::string_view text);

/// A digest of a sequence of numbered blocks that can be built from any grouping of the blocks, in any order:
/// every block contributes an expanded hash of (number, bytes), and contributions are added lane by lane.
/// LtHash: Bellare and Micciancio, "A new paradigm for collision-free hashing", EUROCRYPT 1997; parameters of
/// Lewi et al., "Securing update propagation with homomorphic hashing", 2019. docs/file-format.md says how to
/// recompute it in Python.
class BlockDigest {
 public:
  static constexpr std::size_t kLanes = 1024;

  /// Local. Adds the block `number`; every number at most once.
  void add(std::uint64_t number, std::span<std::byte const> bytes);
  /// Lanes, to be added over ranks modulo 2^16.
  [[nodiscard]] std::span<std::uint16_t, kLanes> lanes() noexcept { return lanes_; }
  /// Local. The digest of all that was added.
  [[nodiscard]] Digest value() const;

 private:
  std::array<std::uint16_t, kLanes> lanes_{};
};

}  // namespace tessera
