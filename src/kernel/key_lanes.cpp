// SPDX-License-Identifier: Apache-2.0
#include "tessera/kernel/key_lanes.hpp"

#include "tessera/core/wipe.hpp"

#include <algorithm>
#include <cstring>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernel/key_lanes.cpp"
#include <hwy/foreach_target.h>
//
#include "kernel/blake2b-inl.h"

HWY_BEFORE_NAMESPACE();
namespace tessera::kernel::HWY_NAMESPACE {

/// The state behind the block of the secret, for keys of `key_bytes`.
void HashSecret(std::uint8_t const* secret, std::size_t size, std::uint64_t key_bytes, std::uint64_t* state) {
  Words const d;
  std::copy(std::begin(kStart), std::end(kStart), state);
  state[0] ^= 0x01010000U ^ (size << 8) ^ key_bytes;
  std::uint64_t block[kBlock / 8] = {};
  std::memcpy(block, secret, size);
  Word m[16], v[16];
  for (std::size_t i = 0; i < 16; ++i) m[i] = hn::Set(d, block[i]);
  for (std::size_t i = 0; i < 8; ++i) v[i] = hn::Set(d, state[i]);
  rounds(v, m, hn::Set(d, kBlock), hn::Zero(d));
  for (std::size_t i = 0; i < 8; ++i) state[i] ^= hn::GetLane(hn::Xor(v[i], v[i + 8]));
  wipe(block, sizeof block);
  wipe(m, sizeof m);
  wipe(v, sizeof v);
}

/// The 1 to 7 bytes at `at`, as the lower ones of a word.
HWY_INLINE std::uint64_t partial_word(char const* at, std::size_t size) {
  std::uint32_t low = 0, high = 0;
  if (size >= 4) {
    std::memcpy(&low, at, 4);
    std::memcpy(&high, at + size - 4, 4);
    return low | (std::uint64_t{high} << (8 * (size - 4)));
  }
  auto const byte = [at](std::size_t i) { return std::uint64_t{static_cast<unsigned char>(at[i])}; };
  return byte(0) | (byte(size / 2) << (8 * (size / 2))) | (byte(size - 1) << (8 * (size - 1)));
}

/// The keys of `count` ids of 1 to 128 bytes each, at most one a lane.
HWY_INLINE void hash_some(std::uint64_t const* state, std::string_view const* const* ids, std::size_t count,
                          Key* const* keys) {
  Words const d;
  std::size_t const lanes = hn::Lanes(d);
  alignas(64) std::uint64_t words[16 * 8];  // [16, lanes]
  alignas(64) std::uint64_t length[8] = {};
  std::size_t longest = 0;
  for (std::size_t l = 0; l < count; ++l) longest = std::max(longest, ids[l]->size());
  std::size_t const used = (longest + 7) / 8;
  std::fill_n(words, used * lanes, 0);
  for (std::size_t l = 0; l < count; ++l) {
    std::string_view const id = *ids[l];
    length[l] = kBlock + id.size();
    std::size_t const whole = id.size() / 8;
    for (std::size_t w = 0; w < whole; ++w) std::memcpy(&words[w * lanes + l], id.data() + 8 * w, 8);
    if (id.size() % 8 != 0) words[whole * lanes + l] = partial_word(id.data() + 8 * whole, id.size() % 8);
  }
  Word m[16], v[16];
  for (std::size_t i = 0; i < 16; ++i) m[i] = i < used ? hn::Load(d, words + i * lanes) : hn::Zero(d);
  for (std::size_t i = 0; i < 8; ++i) v[i] = hn::Set(d, state[i]);
  rounds(v, m, hn::Load(d, length), hn::Set(d, ~std::uint64_t{0}));
  for (std::size_t i = 0; i < 2; ++i) {
    hn::Store(hn::Xor(hn::Set(d, state[i]), hn::Xor(v[i], v[i + 8])), d, words + i * lanes);
  }
  for (std::size_t l = 0; l < count; ++l)
    *keys[l] = {__builtin_bswap64(words[l]), __builtin_bswap64(words[lanes + l])};
}

/// The keys of all ids; `one` makes those of ids without a byte or of more than a block.
void HashIds(std::uint64_t const* state, std::string_view const* ids, std::size_t count, Key* keys,
             KeyHasher const* one) {
  std::size_t const lanes = hn::Lanes(Words());
  std::string_view const* id[8];
  Key* key[8];
  std::size_t filled = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (ids[i].empty() || ids[i].size() > kBlock) {
      keys[i] = (*one)(ids[i]);
      continue;
    }
    id[filled] = ids + i;
    key[filled] = keys + i;
    if (++filled < lanes) continue;
    hash_some(state, id, filled, key);
    filled = 0;
  }
  if (filled > 0) hash_some(state, id, filled, key);
}

}  // namespace tessera::kernel::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace tessera::kernel {

HWY_EXPORT(HashSecret);
HWY_EXPORT(HashIds);

KeyLanes::KeyLanes(KeyHasher const& hasher) : one_(hasher) {
  auto const secret = hasher.secret();
  HWY_DYNAMIC_DISPATCH(HashSecret)(secret.data(), secret.size(), sizeof(Key), state_.data());
}

KeyLanes::~KeyLanes() {
  wipe(state_.data(), sizeof state_);
  wipe_stack();
}

void KeyLanes::hash(std::span<std::string_view const> ids, std::span<Key> keys) const {
  HWY_DYNAMIC_DISPATCH(HashIds)(state_.data(), ids.data(), ids.size(), keys.data(), &one_);
}

}  // namespace tessera::kernel
#endif  // HWY_ONCE
