// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <span>
#include <string_view>

/// Customer keys: the keyed 128-bit BLAKE2b of a customer id. Keys order the customers, place them on ranks,
/// and stand for the id wherever something is stored.
namespace tessera {

/// 128 bits, compared as a big-endian number: comparing keys is comparing their bytes.
struct Key {
  std::uint64_t high = 0;
  std::uint64_t low = 0;
  auto operator<=>(Key const&) const = default;

  /// Big-endian bytes, as stored in `/customers/key`.
  [[nodiscard]] std::array<std::uint8_t, 16> bytes() const noexcept;
};

/// Turns ids into keys. Equal to Python's hashlib.blake2b(id, key=secret, digest_size=16).
class KeyHasher {
 public:
  /// With the all-zero key: pseudonyms that anyone can recompute from an id.
  KeyHasher() = default;
  explicit KeyHasher(std::array<std::uint8_t, 32> const& secret) : secret_(secret) {}
  ~KeyHasher();
  KeyHasher(KeyHasher const&) = default;
  KeyHasher& operator=(KeyHasher const&) = default;

  /// Overwrites the secret before its time ends; using the hasher from then on is a BugError.
  void forget() noexcept;

  /// Local. The key of an id given as text.
  [[nodiscard]] Key operator()(std::string_view id) const;
  /// Local. The key of a row that has no id: its ordinal, written in decimal.
  [[nodiscard]] Key of_ordinal(std::uint64_t ordinal) const;

  /// For kernel::KeyLanes, which hashes many ids at a time; whoever copies it wipes the copy.
  [[nodiscard]] std::span<std::uint8_t const, 32> secret() const;

 private:
  std::array<std::uint8_t, 32> secret_{};
  bool forgotten_ = false;
};

}  // namespace tessera
